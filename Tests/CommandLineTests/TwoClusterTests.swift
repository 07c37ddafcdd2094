import Foundation
import TestAPIServer
import TestSupport
import Testing

/// Regions and Secrets in one cluster, Nodes in another.
@Suite(.oneAtATime) struct TwoClusterTests {
    private static func json(_ yaml: String) throws -> String {
        String(decoding: try #require(try FixtureObject.all(in: yaml).first).json, as: UTF8.self)
    }

    /// One Region whose class three Nodes of the other cluster carry, one of them another machine.
    private static func withClusters(
        _ body: (_ regions: TestAPIServer, _ nodes: TestAPIServer, _ flags: [String]) async throws -> Void
    ) async throws {
        let (regions, nodes) = (try await TestAPIServer(), try await TestAPIServer())
        try Cluster.applySecret(to: regions)
        try regions.apply(try json(Samples.region()), to: .regions)
        for name in ["worker-0", "worker-1"] { try nodes.apply(try json(Samples.node(name: name)), to: .nodes) }
        try nodes.apply(
            try json(Samples.node(name: "worker-2").replacing(#"cpu: "2""#, with: #"cpu: "64""#)), to: .nodes)
        try await body(
            regions, nodes,
            [
                "--regions-from", "kubeconfig=\(try regions.kubeconfigFile())", "--nodes-from",
                "kubeconfig=\(try nodes.kubeconfigFile())",
            ])
        await regions.stop()
        await nodes.stop()
    }

    @Test func theAuditCommand() async throws {
        try await Self.withClusters { regions, nodes, flags in
            let run = try await Program.run(["audit"] + flags)
            #expect(run.code == 1 && run.errors.isEmpty, "\(run)")
            let lines = run.output.split(separator: "\n").map { String($0) }
            #expect(lines.count == 3, "\(run)")
            #expect(lines[0].hasPrefix("Node worker-2: error[node-class-uniform]: "))
            #expect(lines[1].hasPrefix("Node worker-2: warning[node-class-matches-flavor]: "))
            #expect(lines[2] == "4 objects: 1 error, 1 warning")
            #expect(regions.requests.allSatisfy { $0.contains("/regions") || $0.contains("/secrets/") })
            #expect(regions.requests.contains { $0.contains("/secrets/de-central-0-kubeconfig") })
            #expect(nodes.requests.count == 1 && nodes.requests[0].contains("/nodes?"), "\(nodes.requests)")

            // One of them from files, with the Secrets beside the Regions.
            let scratch = try Scratch()
            try scratch.write("regions/a.yaml", Samples.region(memory: "1e1.5"))
            let files = try await Program.run(
                ["audit", "--regions-from", "files=regions"] + flags.suffix(2), in: scratch)
            #expect(files.output.contains("Region unikorn-region/\(Samples.name): error[memory]: "), "\(files)")
            #expect(files.output.contains("Node worker-2: error[node-class-uniform]: "))
        }
    }

    /// Rules that compare objects of both, each watched where it is; the audit's Lease and Events where they belong.
    @Test func serve() async throws {
        try await Self.withClusters { regions, nodes, flags in
            let scratch = try Scratch()
            try await Server.certificates(in: scratch)
            let server = try await Server(
                ["--drain-delay", "0", "--audit-interval", "1"] + flags, isStandalone: false, in: scratch)
            #expect(try await Server.wait { try await server.get(server.health, "/readyz").status == 200 })
            #expect(server.lines(Self.notClaimed).count == 1)
            func warnings(_ body: ReviewBody) async throws -> String {
                let response = try await server.post("/validate", body: body.json)
                return (response.review["warnings"] as? [String] ?? []).joined(separator: "\n")
            }
            let object = try #require(try FixtureObject.all(in: Samples.node(name: "worker-3")).first)
            let node = try await warnings(ReviewBody(creating: object))
            #expect(node.isEmpty, "declared in one cluster, uniform in the other: \(node)")
            let resized = try await warnings(
                ReviewBody(
                    region: try Self.json(Samples.region(memory: "8Gi")), old: try Self.json(Samples.region()),
                    operation: "UPDATE"))
            #expect(resized.contains("[node-id-removed]"), "\(resized)")
            let undeclared = try #require(
                try FixtureObject.all(in: Samples.node(name: "worker-4", nodeClass: Samples.otherID)).first)
            #expect(try await warnings(ReviewBody(creating: undeclared)).contains("[node-class-declared]"))

            // A change in either is seen, by the audit too.
            let isFound = try await Server.wait {
                server.lines("found by the audit").contains { $0["rule"] as? String == "node-class-uniform" }
            }
            #expect(isFound)
            try regions.delete(Samples.name, from: Self.regionsOfSamples)
            #expect(try await Server.wait { try await warnings(ReviewBody(creating: object)).isEmpty })
            try regions.apply(try Self.json(Samples.numbered(7)), to: .regions)
            #expect(
                try await Server.wait {
                    try await warnings(ReviewBody(creating: object)).contains("[node-class-declared]")
                })
            try nodes.delete("worker-2", from: .nodes)
            let isGone = try await Server.wait { !server.lines("no longer found by the audit").isEmpty }
            #expect(isGone, "\(server.process.errors)")
            let events = APIRequest.Target(
                group: "events.k8s.io", version: "v1", resource: "events", namespace: "default")
            #expect(!nodes.names(of: events).isEmpty && regions.names(of: events).isEmpty)
            let lease = "unikorn-region-webhook/unikorn-region-webhook-audit"
            #expect(regions.names(of: .leases("unikorn-region-webhook")) == [lease])
            #expect(nodes.names(of: .leases("unikorn-region-webhook")).isEmpty)
            #expect(!nodes.requests.contains { $0.contains("/regions") || $0.contains("/secrets") })
            #expect(!regions.requests.contains { $0.contains("/nodes") })
            #expect(try await server.stop().code == 0)
        }
    }

    /// Regions of files are judged by themselves, too, and get no Event: they are nowhere.
    @Test func auditOfFiles() async throws {
        try await Self.withClusters { regions, nodes, flags in
            let scratch = try Scratch()
            try await Server.certificates(in: scratch)
            try scratch.write("regions/a.yaml", Samples.region(memory: "1e1.5"))
            let server = try await Server(
                ["--drain-delay", "0", "--audit-interval", "1", "--regions-from", "files=regions"] + flags.suffix(2),
                isStandalone: false, in: scratch)
            let isFound = try await Server.wait {
                let found = server.lines("found by the audit").map { "\($0["object"] ?? "") \($0["rule"] ?? "")" }
                return found.contains("Region unikorn-region/\(Samples.name) memory")
                    && found.contains("Node worker-2 node-class-uniform")
            }
            #expect(isFound, "\(server.process.errors)")
            #expect(server.lines("no longer found by the audit").isEmpty)
            #expect(nodes.names(of: .leases("unikorn-region-webhook")).count == 1)
            var events = APIRequest.Target(
                group: "events.k8s.io", version: "v1", resource: "events", namespace: "unikorn-region")
            #expect(nodes.names(of: events).isEmpty)
            events.namespace = "default"
            #expect(try await Server.wait { !nodes.names(of: events).isEmpty })
            #expect(regions.requests.isEmpty)
            #expect(try await server.stop().code == 0)
        }
    }

    private static let notClaimed =
        "class ids are not claimed, since nothing comes from the cluster that sends the reviews: two Regions that are "
        + "written at the same moment may declare one"

    private static var regionsOfSamples: APIRequest.Target {
        var target = APIRequest.Target.regions
        target.namespace = "unikorn-region"
        return target
    }
}
