import Foundation
import TestAPIServer
import TestSupport
import Testing

/// Secrets, and answers about Secrets, that are not what they should be: each has its outcome, and none says what is in it.
@Suite(.oneAtATime) struct HostileSecretTests {
    private static let token = "very-secret-token"

    private static func json(_ yaml: String) throws -> String {
        String(decoding: try #require(try FixtureObject.all(in: yaml).first).json, as: UTF8.self)
    }

    private static func data(_ bytes: [UInt8]) -> String { #"{"kubeconfig":"\#(Data(bytes).base64EncodedString())"}"# }
    private static func data(_ text: String) -> String { data(Array(text.utf8)) }

    /// JSON of a Secret's `data`, and the rule that refuses it.
    private static let secrets: [(String, String)] = [
        ("null", "kubeconfig-secret-exists"), ("{}", "kubeconfig-secret-exists"), ("[]", "kubeconfig-secret-exists"),
        (#""\#(token)""#, "kubeconfig-secret-exists"), (#"{"kubeconfig":null}"#, "kubeconfig-secret-exists"),
        (#"{"kubeconfig":7}"#, "kubeconfig-secret-exists"),
        (#"{"kubeconfig":["\#(token)"]}"#, "kubeconfig-secret-exists"),
        (#"{"kubeconfig":"\#(token)!"}"#, "kubeconfig-secret-content"),
        (data(""), "kubeconfig-secret-content"), (data("\0\0\0"), "kubeconfig-secret-content"),
        (data([0xFF, 0xFE, 0x00, 0xD8] + Array(token.utf8)), "kubeconfig-secret-content"),
        (data("\(token): [\(token)"), "kubeconfig-secret-content"),
        (data(String(repeating: "[", count: 100_000) + token), "kubeconfig-secret-content"),
        (data(String(repeating: token + " ", count: 50_000)), "kubeconfig-secret-content"),
        (data(bomb), "kubeconfig-secret-content"),
        (data("current-context: {\(token): 1}\nclusters: \(token)\nusers: 7"), "kubeconfig-secret-content"),
        (
            data(Cluster.kubeconfig.replacing("token: \(token)", with: "client-certificate-data: \(token)")),
            "kubeconfig-secret-content"
        ),
    ]

    /// Aliases that would be some 10⁹ strings.
    private static var bomb: String {
        var text = "a: &a [\(token)]\n"
        for (name, next) in zip("abcdefghi", "bcdefghij") {
            text += "\(next): &\(next) [" + Array(repeating: "*\(name)", count: 10).joined(separator: ",") + "]\n"
        }
        return text + "current-context: *j\n"
    }

    private static func stored(_ data: String) -> String {
        """
        {"apiVersion":"v1","kind":"Secret","metadata":{"name":"de-central-0-kubeconfig","namespace":"unikorn-region"},\
        "data":\(data)}
        """
    }

    @Test func whateverASecretHolds() async throws {
        let target = APIRequest.Target.secrets("unikorn-region")
        try await Cluster.run(["--claim-namespace", "webhook", "--audit-interval", "1"]) { api, server in
            let body = ReviewBody(region: try Self.json(Samples.region())).json
            for (data, rule) in Self.secrets {
                try api.apply(Self.stored(data), to: target)
                let response = try await server.post("/validate", body: body)
                let status = response.review["status"] as? [String: Any]
                #expect(status?["code"] as? Int == 422, "\(data.prefix(60)): \(response)")
                #expect(
                    (status?["message"] as? String)?.contains("[\(rule)]") == true, "\(data.prefix(60)): \(response)")
                #expect(!response.body.contains(Self.token), "\(data.prefix(60))")
            }
            // The audit meets the last of them, too.
            try api.apply(try Self.json(Samples.region()), to: .regions)
            #expect(try await Server.wait { server.process.errors.contains("[kubeconfig-secret-content]") })
            #expect(!server.process.errors.contains(Self.token))
            let metrics = try await server.get(server.metrics, "/metrics").body
            #expect(!metrics.contains(Self.token))
        }
    }

    /// A Region whose Secret cannot be read is never let through; the API server sends it again.
    @Test func whateverTheServerAnswers() async throws {
        let faults: [APIFault] = [
            .answer(200, body: "<html>\(Self.token)</html>"), .answer(200, body: ""),
            .answer(200, body: #"{"kind":"Secret","data":{"kubeconfig":"\#(Self.token)"}}"#),
            .answer(200, headers: ["Content-Encoding": "gzip"], body: Self.token),
            .answer(302, headers: ["Location": "https://example.com/\(Self.token)"]),
            .status(401, reason: "Unauthorized"), .status(429, reason: "TooManyRequests", retryAfterSeconds: 1),
            .status(500, reason: "InternalError"), .status(503, reason: "ServiceUnavailable"), .close, .executeAndClose,
            .truncated(40),
        ]
        try await Cluster.run(["--claim-namespace", "webhook"]) { api, server in
            let body = ReviewBody(region: try Self.json(Samples.region())).json
            for fault in faults {
                api.setFault { $0.path.contains("/secrets/") ? fault : nil }
                let response = try await server.post("/validate", body: body)
                #expect(
                    response.status == 503 && response.body.contains("about a Secret; try again"),
                    "\(fault): \(response)")
            }
            api.setFault { $0.path.contains("/secrets/") ? .slow(bytes: 64, milliseconds: 1) : nil }
            let slow = try await server.post("/validate", body: body)
            #expect(slow.review["allowed"] as? Bool == true, "\(slow)")
            #expect(!server.process.errors.contains(Self.token))
            #expect(api.names(of: .leases("webhook")).count == 1)
        }
    }

    /// The program's own kubeconfig.
    @Test func whateverAKubeconfigHolds() async throws {
        let scratch = try Scratch()
        try FileManager.default.createDirectory(atPath: scratch.file("directory"), withIntermediateDirectories: true)
        let texts: [(String, [UInt8])] = [
            ("empty", []), ("zeros", [0, 0, 0]), ("binary", [0xFF, 0xFE, 0x00, 0xD8] + Array(Self.token.utf8)),
            ("cut", Array("users: [{name: u, user: {token: \(Self.token)".utf8)),
            ("deep", Array((String(repeating: "[", count: 100_000) + Self.token).utf8)),
            ("bomb", Array(Self.bomb.utf8)),
            ("huge", Array(repeating: UInt8(ascii: "a"), count: 1 << 20 + 1)),
            ("wrong", Array("current-context: [\(Self.token)]".utf8)),
            (
                "plugin",
                Array(Cluster.kubeconfig.replacing("token: \(Self.token)", with: "exec: {command: \(Self.token)}").utf8)
            ),
        ]
        for (name, bytes) in texts { try scratch.write(name, bytes) }
        for name in texts.map(\.0) + ["directory", "absent"] {
            let run = try await Program.run(["audit", "--kubeconfig", name], in: scratch)
            #expect(run.code == 2 && run.output.isEmpty && run.errors.contains(name), "\(name): \(run.code)")
            #expect(run.errors.split(separator: "\n").count == 1, "\(name): \(run.errors.prefix(300))")
            #expect(!run.errors.contains(Self.token), "\(name): \(run.errors.prefix(300))")
        }
    }
}
