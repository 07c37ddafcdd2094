import Foundation
import TestAPIServer
import TestSupport
import Testing

/// `serve` with a cluster, which a scripted API server stands in for.
@Suite(.oneAtATime) struct ServeClusterTests {
    private static let prefix = "unikorn_region_webhook_inventory_"

    /// Starts both; `prepare` scripts the API server before anything is asked of it.
    private static func withCluster(
        _ flags: [String] = [], prepare: (TestAPIServer) throws -> Void = { _ in },
        _ body: (TestAPIServer, Server) async throws -> Void
    ) async throws {
        // What is found out for single reviews is the subject of ServeClaimsTests.
        try await Cluster.run(["--uniqueness", "cache"] + flags, prepare: prepare, body)
    }

    private static func json(_ yaml: String) throws -> String {
        String(decoding: try #require(try FixtureObject.all(in: yaml).first).json, as: UTF8.self)
    }

    private static func create(_ yaml: String, on server: Server) async throws -> Server.Response {
        let object = try #require(try FixtureObject.all(in: yaml).first)
        return try await server.post("/validate", body: ReviewBody(creating: object).json)
    }

    private static func message(_ response: Server.Response) -> String {
        (response.review["status"] as? [String: Any])?["message"] as? String ?? ""
    }

    private static func warnings(_ response: Server.Response) -> String {
        (response.review["warnings"] as? [String] ?? []).joined(separator: "\n")
    }

    private static func isReady(_ server: Server) async throws -> Bool {
        try await Server.wait { try await server.get(server.health, "/readyz").status == 200 }
    }

    @Test func otherObjectsAreThoseOfTheCluster() async throws {
        try await Self.withCluster { api in
            try api.apply(try Self.json(Samples.region()), to: .regions)
            try api.apply(try Self.json(Samples.node()), to: .nodes)
        } _: { api, server in
            #expect(try await Self.isReady(server))
            let other = Samples.region(name: Samples.otherName)
            let conflict = try await Self.create(other, on: server)
            #expect(Self.message(conflict).contains("unikorn-region/\(Samples.name)"), "\(conflict)")
            #expect(Self.message(conflict).contains("[node-id-unique]"))
            #expect(Self.warnings(conflict).contains("[region-display-name-unique]"))
            // The object itself, created once more with another uid, is no other.
            #expect(try await Self.create(Samples.region(), on: server).review["allowed"] as? Bool == true)
            let machine = Samples.node(name: "worker-1").replacing(#"cpu: "2""#, with: #"cpu: "64""#)
            let different = try await Self.create(machine, on: server)
            #expect(Self.message(different).contains("[node-class-uniform]"), "\(different)")
            #expect(Self.warnings(different).contains("[node-class-matches-flavor]"))
            let undeclared = try await Self.create(
                Samples.node(name: "worker-2", nodeClass: Samples.otherID), on: server)
            #expect(Self.warnings(undeclared).contains("[node-class-declared]"), "\(undeclared)")

            try api.delete(Samples.name, from: regionsOfSamples)
            let allowed = try await Server.wait {
                try await Self.create(other, on: server).review["allowed"] as? Bool == true
            }
            #expect(allowed)
            let verbose = try await server.get(server.health, "/readyz?verbose")
            #expect(verbose.body.contains("[+]inventory-regions ok\n[+]inventory-nodes ok\n"))
            let metrics = try await server.get(server.metrics, "/metrics").body
            #expect(metrics.contains(#"\#(Self.prefix)objects{kind="regions"} 0"#))
            #expect(metrics.contains(#"\#(Self.prefix)objects{kind="nodes"} 1"#))
            #expect(metrics.contains(#"\#(Self.prefix)synced{kind="regions"} 1"#))
        }
    }

    private static let hung: @Sendable (APIRequest) -> APIFault? = { $0.isList ? .hang : nil }

    /// Before the first list a Region is sent again, what is wrong with it or not; but not what is wrong by itself.
    @Test func beforeTheFirstList() async throws {
        try await Self.withCluster {
            $0.setFault(Self.hung)
        } _: { api, server in
            let ready = try await server.get(server.health, "/readyz")
            #expect(ready.status == 503)
            #expect(
                ready.body.contains("[-]inventory-regions failed: the Regions of the cluster are not known yet"),
                "\(ready)")
            let region = try await Self.create(Samples.region(), on: server)
            #expect(region.status == 503)
            #expect(region.body.contains("node-id-unique cannot be judged"), "\(region)")
            let faulty = try await Self.create(Samples.region(memory: "1e1.5"), on: server)
            #expect(Self.message(faulty).contains("[memory]"), "\(faulty)")
            let node = try await Self.create(Samples.node(), on: server)
            #expect(node.review["allowed"] as? Bool == true)
            #expect(
                Self.warnings(node).contains(
                    "not judged: the Nodes of the cluster are not known yet [node-class-uniform]"))
            #expect(
                Self.warnings(node).contains(
                    "not judged: the Regions of the cluster are not known yet [node-class-declared]"))
            let wrong = try await Self.create(Samples.node(nodeClass: "BRATWURST"), on: server)
            #expect(Self.message(wrong).contains("[node-class]"))
        }
    }

    @Test func beforeTheFirstListWithAllow() async throws {
        try await Self.withCluster(["--when-unknown", "allow"]) {
            $0.setFault(Self.hung)
        } _: { api, server in
            let region = try await Self.create(Samples.region(), on: server)
            #expect(region.review["allowed"] as? Bool == true)
            #expect(
                Self.warnings(region).contains(
                    "not judged: the Regions of the cluster are not known yet [node-id-unique]"))
        }
    }

    /// What somebody has to put right keeps no Pod from being ready, and no Region waiting; it is said everywhere.
    @Test func noPermissionAndNoDefinition() async throws {
        try await Self.withCluster { api in
            api.remove(["regions.region.unikorn-cloud.org"])
            api.forbid(["nodes"])
        } _: { api, server in
            #expect(try await Self.isReady(server))
            let verbose = try await server.get(server.health, "/readyz?verbose").body
            #expect(verbose.contains("[+]inventory-regions ok, but the API has no Regions"), "\(verbose)")
            #expect(verbose.contains("[+]inventory-nodes ok, but the webhook may not list Nodes"), "\(verbose)")
            let region = try await Self.create(Samples.region(), on: server)
            #expect(region.review["allowed"] as? Bool == true)
            #expect(Self.warnings(region).contains("[node-id-unique]"))
            let node = try await Self.create(Samples.node(), on: server)
            #expect(Self.warnings(node).contains("not judged: the webhook may not list Nodes [node-class-uniform]"))
            #expect(server.lines("the list failed; what is known stays, and it is tried again").count == 2)
            let metrics = try await server.get(server.metrics, "/metrics").body
            #expect(metrics.contains(#"\#(Self.prefix)synced{kind="nodes"} 0"#))
            // Put right, it is known without a restart.
            api.forbid([])
            api.remove([])
            let isKnown = try await Server.wait {
                try await server.get(server.health, "/readyz?verbose").body.contains(
                    "[+]inventory-regions ok\n[+]inventory-nodes ok\n")
            }
            #expect(isKnown)
        }
    }

    @Test func sourcesOfTheirOwn() async throws {
        let nodes = try await TestAPIServer()
        try nodes.apply(try Self.json(Samples.node()), to: .nodes)
        let region = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).yaml")
        try Data(Samples.region().utf8).write(to: region)
        defer { try? FileManager.default.removeItem(at: region) }
        let flags = [
            "--regions-from", "files=\(region.path)", "--nodes-from", "kubeconfig=\(try nodes.kubeconfigFile())",
        ]
        try await Self.withCluster(flags) { api, server in
            #expect(try await Self.isReady(server))
            let conflict = try await Self.create(Samples.region(name: Samples.otherName), on: server)
            #expect(Self.message(conflict).contains("[node-id-unique]"), "\(conflict)")
            let machine = Samples.node(name: "worker-1").replacing(#"cpu: "2""#, with: #"cpu: "64""#)
            let different = try await Self.create(machine, on: server)
            #expect(Self.message(different).contains("[node-class-uniform]"), "\(different)")
            #expect(api.requests.isEmpty)
        }
        await nodes.stop()
    }

    private var regionsOfSamples: APIRequest.Target {
        var target = APIRequest.Target.regions
        target.namespace = "unikorn-region"
        return target
    }
}
