import Foundation
import TestAPIServer
import TestSupport
import Testing

/// How many class ids one request may claim, and for how long a claim should hold.
@Suite(.oneAtATime) struct ClaimLimitTests {
    private static let leases = APIRequest.Target.leases("webhook")

    private static func withCluster(
        _ flags: [String] = [], _ body: (TestAPIServer, Server) async throws -> Void
    ) async throws {
        try await Cluster.run(["--claim-namespace", "webhook"] + flags) { api, server in
            #expect(try await Server.wait { try await server.get(server.health, "/readyz").status == 200 })
            try await body(api, server)
        }
    }

    private static func send(
        _ yaml: String, old: String? = nil, _ operation: String = "CREATE", to server: Server
    ) async throws -> Server.Response {
        func json(_ yaml: String) throws -> String {
            String(decoding: try #require(try FixtureObject.all(in: yaml).first).json, as: UTF8.self)
        }
        let body = ReviewBody(region: try json(yaml), old: try old.map(json), operation: operation)
        return try await server.post("/validate", body: body.json)
    }

    private static func message(_ response: Server.Response) -> String {
        (response.review["status"] as? [String: Any])?["message"] as? String ?? ""
    }

    /// A Region of many flavors is claimed up to a limit, and refused beyond it, at once and with the reason.
    @Test func soManyNewIDs() async throws {
        func region(_ count: Int, from start: Int = 0) -> String {
            let flavors = (start..<start + count).map { number in
                let digits = String(number, radix: 16)
                let id = "4be04a2e-87e6-4ff2-b34b-" + String(repeating: "0", count: 12 - digits.count) + digits
                return "    - {id: \(id), name: f-\(number), cpu: {count: 2}, memory: 4Gi, disk: 40Gi}\n"
            }
            let text = Samples.region()
            return String(text[..<(text.range(of: "    - id:")?.lowerBound ?? text.endIndex)]) + flavors.joined()
        }
        try await Self.withCluster { api, server in
            let tooMany = try await Self.send(region(257), to: server)
            #expect(
                Self.message(tooMany).contains(
                    "spec.kubernetes.nodes: Too long: 257 new ids: at most 256 new class ids are claimed in one request: add the others in another update [node-id-unique]"
                ), "\(tooMany)")
            #expect((tooMany.review["status"] as? [String: Any])?["code"] as? Int == 422)
            #expect(api.names(of: Self.leases).isEmpty)
            let most = try await Self.send(region(256), to: server)
            #expect(most.review["allowed"] as? Bool == true, "\(most)")
            // The others come in another update, of an object that is as large as it likes.
            let more = try await Self.send(region(300), old: region(256), "UPDATE", to: server)
            #expect(more.review["allowed"] as? Bool == true, "\(more)")
            #expect(api.names(of: Self.leases).count == 300)
        }
    }

    @Test func whatIsLessSafeIsSaid() async throws {
        for (flags, isSaid) in [(["--claim-ttl", "60"], true), (["--claim-ttl", "61"], false), ([], false)] {
            try await Self.withCluster(flags) { _, server in
                #expect(server.process.errors.contains("--claim-ttl is safe only where") == isSaid)
                #expect(!server.process.errors.contains("class ids are not claimed"))
            }
        }
        let short = try await Program.run([
            "serve", "--tls-cert-file", "x", "--tls-private-key-file", "y", "--claim-ttl", "34",
        ])
        #expect(short.code == 2)
    }
}
