import Foundation
import TestAPIServer
import TestSupport
import Testing

/// What `serve` asks a cluster for single reviews: Secrets of new references, and whose new class ids are.
@Suite(.oneAtATime) struct ServeClaimsTests {
    private static let leases = APIRequest.Target.leases("webhook")
    private static let lease = "node-class-\(Samples.id)"

    private static func withCluster(
        _ flags: [String] = [], prepare: (TestAPIServer) throws -> Void = { _ in },
        _ body: (TestAPIServer, Server) async throws -> Void
    ) async throws {
        try await Cluster.run(["--claim-namespace", "webhook"] + flags, prepare: prepare) { api, server in
            #expect(try await Server.wait { try await server.get(server.health, "/readyz").status == 200 })
            api.forgetRequests()
            try await body(api, server)
        }
    }

    private static func json(_ yaml: String) throws -> String {
        String(decoding: try #require(try FixtureObject.all(in: yaml).first).json, as: UTF8.self)
    }

    private static func send(
        _ object: String?, old: String? = nil, _ operation: String = "CREATE", to server: Server,
        change: (inout ReviewBody) -> Void = { _ in }
    ) async throws -> Server.Response {
        var body = ReviewBody(region: try object.map(json), old: try old.map(json), operation: operation)
        change(&body)
        return try await server.post("/validate", body: body.json)
    }

    private static func message(_ response: Server.Response) -> String {
        (response.review["status"] as? [String: Any])?["message"] as? String ?? ""
    }

    private static func warnings(_ response: Server.Response) -> String {
        (response.review["warnings"] as? [String] ?? []).joined(separator: "\n")
    }

    /// Method and last parts of the path of what was asked of the API server, but not by the watches, nor by the search for
    /// old Leases that begins after a while.
    private static func calls(_ api: TestAPIServer) -> [String] {
        let calls: [String] = api.requests.filter { !$0.contains("watch=1") }.map { request in
            let parts = request.split(separator: " ")
            let path = parts[1].split(separator: "?")[0].split(separator: "/")
            return parts[0] + " " + (path.count > 4 ? path.suffix(2).joined(separator: "/") : String(path.last ?? ""))
        }
        return calls.filter { $0 != "GET webhook/leases" }
    }

    /// A validate call that needs no claim and brings no new reference makes no network call.
    @Test func nearlyNothingIsAsked() async throws {
        try await Self.withCluster { api, server in
            let region = Samples.region()
            let renamed = Samples.region(display: "other-name")
            let smaller = region.replacing("memory: 4Gi", with: "memory: 2Gi")
            let marked = region.replacing(
                "metadata:\n", with: "metadata:\n  deletionTimestamp: \"2026-01-01T00:00:00Z\"\n")
            for (object, old, operation) in [
                (renamed, region, "UPDATE"), (smaller, region, "UPDATE"), (region, region, "UPDATE"),
                (nil, region, "DELETE"), (marked, region, "UPDATE"),
            ] as [(String?, String?, String)] {
                let response = try await Self.send(object, old: old, operation, to: server)
                #expect(response.review["allowed"] as? Bool == true, "\(response)")
            }
            // What is refused anyway is not asked about either.
            let faulty = try await Self.send(Samples.region(memory: "1e1.5"), to: server)
            #expect(Self.message(faulty).contains("[memory]"))
            let node = try #require(try FixtureObject.all(in: Samples.node()).first)
            _ = try await server.post("/validate", body: ReviewBody(creating: node).json)
            _ = try await server.post("/mutate", body: ReviewBody(region: try Self.json(region)).json)
            #expect(Self.calls(api).isEmpty)
        }
    }

    @Test func newIDsAreClaimed() async throws {
        try await Self.withCluster { api, server in
            let first = try await Self.send(Samples.region(), to: server)
            #expect(first.review["allowed"] as? Bool == true, "\(first)")
            #expect(Self.warnings(first).isEmpty)
            #expect(
                Self.calls(api) == ["GET secrets/de-central-0-kubeconfig", "POST webhook/leases", "GET regions"])
            // Not stored yet: the client is told to try again.
            let other = Samples.region(name: Samples.otherName, display: "other")
            let second = try await Self.send(other, to: server)
            let status = try #require(second.review["status"] as? [String: Any])
            #expect(status["code"] as? Int == 429 && status["reason"] as? String == "TooManyRequests")
            #expect((status["details"] as? [String: Any])?["retryAfterSeconds"] as? Int == 1)
            #expect(
                Self.message(second).contains(
                    "another request of Region \"unikorn-region/\(Samples.name)\" is about to declare it; try again [node-id-unique]"
                ))
            // Stored: it is refused, by name.
            try api.apply(try Self.json(Samples.region()), to: .regions)
            let third = try await Self.send(other, to: server)
            #expect((third.review["status"] as? [String: Any])?["code"] as? Int == 422)
            #expect(Self.message(third).contains("Region \"unikorn-region/\(Samples.name)\" declares it"))
            // Sent again, it is the Region's own.
            let again = try await Self.send(Samples.region(), to: server)
            #expect(again.review["allowed"] as? Bool == true, "\(again)")
            #expect(api.names(of: Self.leases) == ["webhook/\(Self.lease)"])
            let metrics = try await server.get(server.metrics, "/metrics").body
            #expect(metrics.contains(#"unikorn_region_webhook_claims_total{outcome="unique"} 2"#))
            #expect(metrics.contains(#"unikorn_region_webhook_claims_total{outcome="in_flight"} 1"#))
        }
    }

    /// The API server stores a PATCH of an object that is being deleted.
    @Test func anObjectThatIsBeingDeletedClaimsToo() async throws {
        try await Self.withCluster { api, server in
            let mark = "metadata:\n  deletionTimestamp: \"2026-01-01T00:00:00Z\"\n"
            let old = Samples.region(id: Samples.otherID).replacing("metadata:\n", with: mark)
            let new = Samples.region().replacing("metadata:\n", with: mark)
            let response = try await Self.send(new, old: old, "UPDATE", to: server)
            #expect(response.review["allowed"] as? Bool == true, "\(response)")
            #expect(Self.calls(api) == ["POST webhook/leases", "GET regions"])
        }
    }

    @Test func aDryRunOnlyLooks() async throws {
        try await Self.withCluster { api, server in
            try api.apply(try Self.json(Samples.region()), to: .regions)
            let other = Samples.region(name: Samples.otherName, display: "other", secret: "absent")
            let response = try await Self.send(other, to: server) { $0.isDryRun = true }
            #expect(Self.message(response).contains("[node-id-unique]"), "\(response)")
            #expect(Self.warnings(response).contains("[kubeconfig-secret-exists]"))
            #expect(Self.calls(api) == ["GET secrets/absent", "GET regions"])
        }
    }

    @Test func aSecretThatIsWrongRefusesAndClaimsNothing() async throws {
        try await Self.withCluster { api, server in
            let absent = try await Self.send(Samples.region(secret: "absent"), to: server)
            #expect(Self.message(absent).contains("there is no Secret \"unikorn-region/absent\""), "\(absent)")
            try api.apply(Cluster.secret("empty", ["kubeconfig": "{}"]), to: .secrets("unikorn-region"))
            let empty = try await Self.send(Samples.region(secret: "empty"), to: server)
            #expect(Self.message(empty).contains("[kubeconfig-secret-content]"), "\(empty)")
            #expect(Self.calls(api) == ["GET secrets/absent", "GET secrets/empty"])
            // An update that points elsewhere.
            let update = try await Self.send(
                Samples.region(secret: "absent"), old: Samples.region(), "UPDATE", to: server)
            #expect(Self.message(update).contains("[kubeconfig-secret-exists]"))
            api.forbid(["secrets"])
            let forbidden = try await Self.send(Samples.region(), to: server)
            #expect(forbidden.review["allowed"] as? Bool == true)
            #expect(
                Self.warnings(forbidden).contains(
                    "not judged: the webhook may not read Secrets in namespace \"unikorn-region\" [kubeconfig-secret-exists]"
                ))
        }
    }

    private static let openstack = Samples.openstackRegion(secret: "{namespace: private, name: openstack}")

    /// Nobody learns by writing Regions what Secrets there are in namespaces that they may not read.
    @Test(arguments: [true, false]) func theWebhookIsNoOracle(_ exists: Bool) async throws {
        try await Self.withCluster { api, server in
            let target = APIRequest.Target.secrets("private")
            if exists { try api.apply(Cluster.secret("openstack", ["password": "p"], in: "private"), to: target) }
            api.decideAccess { body in
                let text = String(decoding: body, as: UTF8.self)
                return text.contains("root") && text.contains("\"system:masters\"") && text.contains("private")
            }
            var body = ReviewBody(region: try Self.json(Self.openstack))
            body.username = "somebody"
            let hidden = try await server.post("/validate", body: body.json)
            #expect(hidden.review["allowed"] as? Bool == true, "\(hidden)")
            #expect(
                Self.warnings(hidden).contains(
                    "not judged: only who may read that Secret is told about it [openstack-secret-exists]"))
            #expect(Self.calls(api) == ["POST subjectaccessreviews"])
            body.username = "root"
            let shown = try await server.post("/validate", body: body.json)
            #expect(
                Self.message(shown).contains(exists ? "has no key \"domain-id\"" : "there is no Secret"), "\(shown)")
        }
    }

    @Test func whatCannotBeAskedIsSentAgain() async throws {
        try await Self.withCluster { api, server in
            for (prefix, said) in [
                ("/api/v1/", "the API server could not be asked about a Secret; try again"),
                ("/apis/coordination", "the API server could not be asked whose the class ids are; try again"),
                ("/apis/region", "the API server could not be asked whose the class ids are; try again"),
            ] {
                api.setFault {
                    $0.path.hasPrefix(prefix) && !$0.isWatch ? .status(500, reason: "InternalError") : nil
                }
                let response = try await Self.send(Samples.region(), to: server)
                #expect(response.status == 503 && response.body == said + "\n", "\(response)")
            }
            #expect(api.names(of: Self.leases).isEmpty)
            #expect(!server.process.errors.contains("very-secret"))
        }
    }

    @Test(arguments: ["cache", "off"]) func withoutClaims(_ mode: String) async throws {
        try await Self.withCluster(["--uniqueness", mode]) {
            try $0.apply(try Self.json(Samples.region()), to: .regions)
        } _: { api, server in
            let other = Samples.region(name: Samples.otherName, display: "other")
            let response = try await Self.send(other, to: server)
            #expect(Self.message(response).contains("[node-id-unique]") == (mode == "cache"), "\(response)")
            #expect(!Self.calls(api).contains { $0.contains("lease") || $0 == "GET regions" })
        }
    }
}

/// `serve` and the scripted API server of its cluster.
enum Cluster {
    static func run(
        _ flags: [String], prepare: (TestAPIServer) throws -> Void = { _ in },
        _ body: (TestAPIServer, Server) async throws -> Void
    ) async throws {
        let api = try await TestAPIServer()
        try applySecret(to: api)
        try prepare(api)
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        let flags = ["--drain-delay", "0", "--kubeconfig", try api.kubeconfigFile()] + flags
        let server = try await Server(flags, isStandalone: false, in: scratch)
        try await body(api, server)
        #expect(try await server.stop().code == 0)
        await api.stop()
    }

    /// The Secret of the samples, with a token that nothing may print.
    static func applySecret(to api: TestAPIServer) throws {
        try api.apply(
            secret("de-central-0-kubeconfig", ["kubeconfig": kubeconfig]), to: .secrets("unikorn-region"))
    }

    static let kubeconfig = """
        apiVersion: v1
        kind: Config
        current-context: c
        contexts: [{name: c, context: {cluster: k, user: u}}]
        clusters: [{name: k, cluster: {server: "https://example.com"}}]
        users: [{name: u, user: {token: very-secret-token}}]

        """

    /// The JSON of a Secret.
    static func secret(_ name: String, _ data: [String: String], in namespace: String = "unikorn-region") -> String {
        let fields = data.map { "\"\($0.key)\":\"\(Data($0.value.utf8).base64EncodedString())\"" }
        return
            #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"\#(name)","namespace":"\#(namespace)"},"data":{"#
            + fields.joined(separator: ",") + "}}"
    }
}
