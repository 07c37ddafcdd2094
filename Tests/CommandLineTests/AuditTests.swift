import Foundation
import TestAPIServer
import TestSupport
import Testing

/// `audit`, and `validate` against a cluster, which a scripted API server stands in for.
@Suite(.oneAtATime) struct AuditTests {
    private static func json(_ yaml: String) throws -> String {
        String(decoding: try #require(try FixtureObject.all(in: yaml).first).json, as: UTF8.self)
    }

    private static func withCluster(
        _ prepare: (TestAPIServer) throws -> Void, _ body: (TestAPIServer, Scratch, String) async throws -> Void
    ) async throws {
        let api = try await TestAPIServer()
        try Cluster.applySecret(to: api)
        try prepare(api)
        try await body(api, try Scratch(), try api.kubeconfigFile())
        await api.stop()
    }

    @Test func allRulesOverAllObjects() async throws {
        try await Self.withCluster { api in
            try api.apply(try Self.json(Samples.region()), to: .regions)
            try api.apply(try Self.json(Samples.region(name: Samples.otherName, memory: "1e1.5")), to: .regions)
            try api.apply(try Self.json(Samples.node()), to: .nodes)
            try api.apply(try Self.json(Samples.node(name: "worker-1")), to: .nodes)
            let drifted = Samples.node(name: "worker-2").replacing(#"cpu: "2""#, with: #"cpu: "64""#)
            try api.apply(try Self.json(drifted), to: .nodes)
            try api.apply(try Self.json(Samples.node(name: "worker-3", nodeClass: "SALAD")), to: .nodes)
        } _: { _, scratch, kubeconfig in
            let run = try await Program.run(["audit", "--kubeconfig", kubeconfig], in: scratch)
            #expect(run.code == 1, "\(run)")
            let lines = run.output.split(separator: "\n").map { String($0) }
            let regions = "Region unikorn-region/"
            for start in [
                "\(regions)\(Samples.otherName): error[memory]: ",
                "\(regions)\(Samples.otherName): error[node-id-unique]: ",
                "\(regions)\(Samples.name): error[node-id-unique]: ", "Node worker-2: error[node-class-uniform]: ",
                "Node worker-3: error[node-class]: ", "Node worker-2: warning[node-class-matches-flavor]: ",
            ] {
                #expect(lines.contains { $0.hasPrefix(start) }, "\(start)\n\(run)")
            }
            #expect(!run.output.contains("worker-0:") && !run.output.contains("worker-1:"), "\(run)")
            #expect(lines.last?.hasPrefix("6 objects: 5 errors, ") == true, "\(run)")

            let json = try await Program.run(["audit", "--kubeconfig", kubeconfig, "-o", "json"], in: scratch)
            let report = try ParsedReport(json)
            #expect(report.findings.count == lines.count - 1)
        }
    }

    @Test func nothingWrong() async throws {
        try await Self.withCluster {
            try $0.apply(try Self.json(Samples.region()), to: .regions)
        } _: { _, scratch, kubeconfig in
            let run = try await Program.run(["audit", "--kubeconfig", kubeconfig], in: scratch)
            #expect(run.code == 0 && run.output == "1 object: 0 errors, 0 warnings\n", "\(run)")
        }
    }

    @Test func whatCannotBeListed() async throws {
        try await Self.withCluster {
            $0.remove(["regions.region.unikorn-cloud.org"])
            try $0.apply(try Self.json(Samples.node()), to: .nodes)
        } _: { api, scratch, kubeconfig in
            let run = try await Program.run(["audit", "--kubeconfig", kubeconfig], in: scratch)
            #expect(run.code == 0 && run.output.hasPrefix("1 object: "), "\(run)")
            #expect(run.errors.contains("Regions are not judged: the API has no Regions"), "\(run)")
            api.setFault { _ in .status(500, reason: "InternalError") }
            let failed = try await Program.run(["audit", "--kubeconfig", kubeconfig], in: scratch)
            #expect(failed.code == 2 && failed.output.isEmpty, "\(failed)")
            #expect(failed.errors.contains("the API server answered 500 InternalError"), "\(failed)")
        }
    }

    @Test func filesAgainstACluster() async throws {
        try await Self.withCluster { api in
            try api.apply(try Self.json(Samples.region()), to: .regions)
        } _: { _, scratch, kubeconfig in
            // The stored object in a new version, with its namespace and without, is not compared with itself.
            for namespace in ["unikorn-region", nil] {
                try scratch.write("a.yaml", Samples.region(memory: "8Gi", namespace: namespace))
                let own = try kubeconfigOf(namespace: "unikorn-region", kubeconfig, scratch)
                let same = try await Program.run(["validate", "--kubeconfig", own, "a.yaml"], in: scratch)
                #expect(same.code == 0 && same.output.hasSuffix("1 object: 0 errors, 0 warnings\n"), "\(same)")
            }
            try scratch.write("b.yaml", Samples.region(name: Samples.otherName))
            let offline = try await Program.run(["validate", "b.yaml"], in: scratch)
            #expect(offline.code == 0, "\(offline)")
            let conflict = try await Program.run(["validate", "--kubeconfig", kubeconfig, "b.yaml"], in: scratch)
            #expect(conflict.code == 1, "\(conflict)")
            #expect(conflict.output.contains("error[node-id-unique]") && conflict.output.contains(Samples.name))
            let missing = try await Program.run(["validate", "--kubeconfig", "missing", "b.yaml"], in: scratch)
            #expect(missing.code == 2 && missing.errors.contains("missing: No such file or directory"), "\(missing)")
        }
    }

    private func kubeconfigOf(namespace: String, _ path: String, _ scratch: Scratch) throws -> String {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try scratch.write(
            "own",
            text.replacing("{cluster: test, user: test}", with: "{cluster: test, user: test, namespace: \(namespace)}"))
        return "own"
    }
}
