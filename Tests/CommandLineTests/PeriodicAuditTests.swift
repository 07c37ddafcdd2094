import Foundation
import TestAPIServer
import TestSupport
import Testing

/// The audit of `serve`, which needs nobody to write anything.
@Suite(.oneAtATime) struct PeriodicAuditTests {
    private static let prefix = "unikorn_region_webhook_audit"
    private static let namespace = "unikorn-region-webhook"

    private static func json(_ yaml: String) throws -> String {
        String(decoding: try #require(try FixtureObject.all(in: yaml).first).json, as: UTF8.self)
    }

    private static func start(_ api: TestAPIServer, _ scratch: Scratch, _ flags: [String] = []) async throws -> Server {
        let usual = ["--drain-delay", "0", "--kubeconfig", try api.kubeconfigFile(), "--audit-interval", "1"]
        return try await Server(usual + flags, isStandalone: false, in: scratch)
    }

    private static func metric(_ name: String, _ server: Server) async throws -> Int? {
        let text = try await server.get(server.metrics, "/metrics").body
        return text.split(separator: "\n").first { $0.hasPrefix("\(prefix)\(name) ") }
            .flatMap { Int($0.split(separator: " ")[1]) }
    }

    private static func events(_ api: TestAPIServer, in namespace: String) -> [[String: Any]] {
        var target = APIRequest.Target(group: "events.k8s.io", version: "v1", resource: "events", namespace: namespace)
        return api.names(of: target).compactMap { name in
            target.namespace = namespace
            let object = api.object(String(name.split(separator: "/").last ?? ""), of: target)
            return object.flatMap { (try? JSONSerialization.jsonObject(with: $0)) as? [String: Any] }
        }
    }

    private static func found(_ server: Server, _ message: String) -> [String] {
        server.lines(message).map { "\($0["object"] ?? "") \($0["rule"] ?? "")" }
    }

    @Test func whatIsWrongIsFoundOnceAndWhatIsGoneIsSaid() async throws {
        let api = try await TestAPIServer()
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        try Cluster.applySecret(to: api)
        try api.apply(try Self.json(Samples.region()), to: .regions)
        try api.apply(try Self.json(Samples.region(name: Samples.otherName, display: "other")), to: .regions)
        try api.apply(try Self.json(Samples.node()), to: .nodes)
        let server = try await Self.start(api, scratch)

        // Two Regions with one id, each told of the other. Then a Node's capacity changes under its class.
        let duplicate = #"_findings{rule="node-id-unique",severity="deny"}"#
        #expect(try await Server.wait { try await Self.metric(duplicate, server) == 2 })
        #expect(try await Self.metric("_leader", server) == 1)
        try api.apply(try Self.json(Samples.node(name: "worker-1")), to: .nodes)
        try api.apply(
            try Self.json(Samples.node(name: "worker-2").replacing(#"cpu: "2""#, with: #"cpu: "3""#)), to: .nodes)
        let uniform = #"_findings{rule="node-class-uniform",severity="deny"}"#
        #expect(try await Server.wait { try await Self.metric(uniform, server) == 1 })
        try api.delete(Samples.otherName, from: Self.regions)
        #expect(try await Server.wait { try await Self.metric(duplicate, server) == nil })
        let runs = try await Self.metric("s_total", server) ?? 0
        #expect(try await Server.wait { try await Self.metric("s_total", server) ?? 0 > runs + 1 })

        let new = Self.found(server, "found by the audit")
        #expect(new.count { $0 == "Region unikorn-region/\(Samples.name) node-id-unique" } == 1, "\(new)")
        #expect(new.count { $0 == "Node worker-2 node-class-uniform" } == 1, "\(new)")
        let gone = Self.found(server, "no longer found by the audit")
        #expect(gone.contains("Region unikorn-region/\(Samples.name) node-id-unique"), "\(gone)")

        let events = Self.events(api, in: "unikorn-region")
        let about = events.compactMap { $0["regarding"] as? [String: String] }
        #expect(about.count { $0["name"] == Samples.name } == 1, "\(events)")
        #expect(about.allSatisfy { $0["kind"] == "Region" && $0["uid"] != nil })
        #expect((events.first?["note"] as? String)?.contains("[node-id-unique]") == true)
        #expect(
            Self.events(api, in: "default").contains {
                ($0["note"] as? String)?.contains("[node-class-uniform]") == true
            })
        #expect(try await server.stop().code == 0)
        await api.stop()
    }

    @Test func oneOfTwoReplicasAudits() async throws {
        let api = try await TestAPIServer()
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        let first = try await Self.start(api, scratch)
        #expect(try await Server.wait { try await Self.metric("_leader", first) == 1 })
        let second = try await Self.start(api, scratch)
        for _ in 0..<8 {
            #expect(try await Self.metric("_leader", second) == 0)
            try await Task.sleep(for: .milliseconds(500))
        }
        // The holder dies without a word.
        _ = try await first.stop(SIGKILL)
        #expect(try await Server.wait { try await Self.metric("_leader", second) == 1 })
        #expect(api.names(of: .leases(Self.namespace)) == ["\(Self.namespace)/unikorn-region-webhook-audit"])
        #expect(try await second.stop().code == 0)
        await api.stop()
    }

    /// Without the rights for it the server serves on, and says so.
    @Test func withoutRights() async throws {
        let api = try await TestAPIServer()
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        api.forbid(["leases.coordination.k8s.io", "events.events.k8s.io"])
        let server = try await Self.start(api, scratch)
        #expect(try await Server.wait { try await Self.metric("_failures_total", server) ?? 0 > 1 })
        #expect(!server.lines("the audit failed; it is tried again").isEmpty)
        #expect(try await server.get(server.health, "/readyz").status == 200)
        #expect(try await server.stop().code == 0)
        let off = try await Self.start(api, scratch, ["--audit-interval", "0"])
        #expect(try await off.get(off.metrics, "/metrics").body.contains(Self.prefix) == false)
        #expect(try await off.stop().code == 0)
        await api.stop()
    }

    private static var regions: APIRequest.Target {
        var target = APIRequest.Target.regions
        target.namespace = "unikorn-region"
        return target
    }
}
