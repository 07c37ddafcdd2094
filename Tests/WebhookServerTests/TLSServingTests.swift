import Foundation
import NIOCore
import TLS
import TestSupport
import Testing

@testable import WebhookServer

/// The same pipeline behind TLS, as curl and openssl see it.
@Suite struct TLSServingTests {
    private func run(
        limits: ServerLimits = ServerLimits(), drainDelay: Duration = .zero,
        _ body: (TestServer, _ curl: String) async throws -> Void
    ) async throws {
        let files = try TestCertificates.files.get()
        try await TestServer.run(
            limits: limits, tls: TestCertificates.server(), configure: { $0.drainDelay = drainDelay }
        ) { test in
            let curl =
                "curl -sS --max-time 10 --cacert \(files.authorityCertificate) -H 'Content-Type: application/json'"
            try await body(test, curl)
        }
    }

    private func openssl(_ test: TestServer, _ request: String, _ flags: String = "") async throws -> String {
        let text = request.replacingOccurrences(of: "\r", with: "\\r").replacingOccurrences(of: "\n", with: "\\n")
        let command =
            "printf '\(text)' | timeout 5 openssl s_client -quiet -connect 127.0.0.1:\(test.port) \(flags) 2>/dev/null"
        return try await Shell.run(command).output
    }

    @Test(arguments: ["--tlsv1.2 --tls-max 1.2", "--tlsv1.3", "--http2", "--no-alpn --http1.0"])
    func curl(_ flags: String) async throws {
        try await run { test, curl in
            let url = "https://127.0.0.1:\(test.port)"
            let result = try await Shell.run(
                "\(curl) \(flags) -w ' %{http_code} %{http_version} %{num_connects}\n' -d '{}' \(url)/validate \(url)/mutate"
            )
            let version = flags.hasSuffix("--http1.0") ? "1.1 1" : "1.1 0"
            #expect(
                result.output
                    == #"{"endpoint":"validate","length":2} 200 1.1 1"# + "\n"
                    + #"{"endpoint":"mutate","length":2} 200 "# + version + "\n")
        }
    }

    @Test func largeBody() async throws {
        try await run { test, curl in
            let url = "https://127.0.0.1:\(test.port)/validate"
            let result = try await Shell.run(
                "head -c 12000000 /dev/zero | tr '\\0' ' ' | \(curl) --data-binary @- -w ' %{http_code}' \(url)")
            #expect(result.output == #"{"endpoint":"validate","length":12000000} 200"#)
            #expect(await eventually { test.journal.releases.count == 1 })
        }
    }

    @Test(arguments: ["-H 'Expect:'", ""])
    func bodyOverTheLimit(_ flags: String) async throws {
        try await run { test, curl in
            let url = "https://127.0.0.1:\(test.port)/validate"
            let result = try await Shell.run(
                "head -c 33554433 /dev/zero | \(curl) \(flags) --data-binary @- -w '%{http_code}' \(url)")
            #expect(result.output == "Content-Length is 33554433; a body may have 33554432 bytes\n413")
        }
    }

    @Test func chunkedUpload() async throws {
        try await run { test, curl in
            let url = "https://127.0.0.1:\(test.port)/validate"
            let result = try await Shell.run(
                "head -c 100000 /dev/zero | \(curl) -H 'Transfer-Encoding: chunked' --data-binary @- \(url)")
            #expect(result.output == #"{"endpoint":"validate","length":100000}"#)
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func opensslPipelines(_ flags: String) async throws {
        try await run { test, _ in
            let last = post("/mutate", "{}", headers: ["Connection: close"])
            let output = try await openssl(test, post() + post() + last + post(), flags)
            #expect(output.components(separatedBy: "HTTP/1.1 200 OK").count == 4)
            #expect(output.hasSuffix(#"{"endpoint":"mutate","length":2}"#))
        }
    }

    @Test(arguments: ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "POST http://a/ HTTP/1.1\r\n\r\n", "garbage\n"])
    func smugglingShapes(_ request: String) async throws {
        try await run { test, _ in
            let output = try await openssl(test, request + post())
            #expect(output.contains("Connection: close"))
            #expect(output.components(separatedBy: "HTTP/1.1 ").count == 2)
            #expect(test.journal.reviews.count == 0)
        }
    }

    /// The client leaves its side open, except where it has nothing to say.
    @Test(arguments: [post(), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\0\0garbage", ""])
    func notTLS(_ bytes: String) async throws {
        try await run { test, _ in
            let port = test.port
            let answer = try await onThread {
                let client = try RawClient(port: port)
                try client.send(bytes)
                if bytes.isEmpty { client.finishSending() }
                return try client.untilClosed()
            }
            // At most an alert.
            #expect(answer.count <= 7)
            #expect(try await eventually { try await test.metric("tls_handshake_failures_total") == 1 })
            #expect(try await eventually { try await test.openConnections() == 0 })
        }
    }

    /// The request and the end of the client's side come together, without a `close_notify`.
    @Test func aClientThatEndsItsSideIsAnswered() async throws {
        try await TestServer.runTLS { test in
            try await onThread {
                for _ in 0..<20 {
                    let client = try test.client()
                    try client.send(post() + post())
                    client.finishSending()
                    #expect(try client.response().status == 200)
                    #expect(try client.response().status == 200)
                    #expect(try client.untilClosed().isEmpty)
                }
            }
            #expect(try await eventually { try await test.openConnections() == 0 })
        }
    }

    /// What all have sent at once is answered to each, whatever the others do meanwhile.
    @Test func connectionsOfATurnDoNotDisturbEachOther() async throws {
        try await TestServer.runTLS { test in
            try await onThread {
                for round in 0..<20 {
                    let clients = try (0..<24).map { _ in try test.client() }
                    for (index, client) in clients.enumerated() {
                        switch (index + round) % 4 {
                        case 0: try client.send(post("/validate", String(repeating: "x", count: 1_000 * (index + 1))))
                        case 1: try client.send(post() + post())
                        case 2: try client.send("GET /nowhere HTTP/1.0\r\n\r\n")
                        default: try client.send(Array(post().utf8.dropLast()))
                        }
                    }
                    for (index, client) in clients.enumerated() {
                        switch (index + round) % 4 {
                        case 0: #expect(try client.response().status == 200)
                        case 1:
                            #expect(try client.response().status == 200)
                            #expect(try client.response().status == 200)
                        case 2:
                            #expect(try client.response().status == 404)
                            #expect(try client.untilClosed().isEmpty)
                        default:
                            try client.send("}")
                            #expect(try client.response().status == 200)
                        }
                    }
                }
            }
        }
    }

    /// It comes to a stand, or byte after byte, each soon after the one before it.
    @Test(arguments: [false, true]) func stalledHandshakeIsEnded(isMoving: Bool) async throws {
        var limits = ServerLimits()
        limits.handshakeTimeout = .milliseconds(300)
        try await run(limits: limits) { test, _ in
            let port = test.port
            try await onThread {
                let client = try RawClient(port: port)
                // A record of 250 bytes, of which a ClientHello of 246 begins.
                try client.send([0x16, 0x03, 0x01, 0, 250, 0x01, 0, 0, 246, 0x03, 0x03])
                if isMoving { #expect(try client.trickle([UInt8](repeating: 0, count: 242))) }
                _ = try client.untilClosed()
            }
            #expect(try await eventually { try await test.metric("tls_handshake_failures_total") == 1 })
        }
    }

    @Test func idleConnectionEndsWithCloseNotify() async throws {
        var limits = ServerLimits()
        limits.idleTimeout = .milliseconds(300)
        try await run(limits: limits) { test, _ in
            let command = "(sleep 3) | timeout 5 openssl s_client -connect 127.0.0.1:\(test.port) -trace 2>&1"
            let output = try await Shell.run(command).output
            #expect(output.contains("close notify"))
        }
    }

    @Test func metricsKnowTheCertificate() async throws {
        try await run { test, _ in
            let expiry = try await test.metric("tls_certificate_expiry_timestamp_seconds")
            #expect(expiry > Date().timeIntervalSince1970 + 86_400)
        }
    }

    /// Each connection of the drain's time serves a request and is closed; no client sees an error.
    @Test func drainOverTLS() async throws {
        try await run(drainDelay: .milliseconds(1_500)) { test, curl in
            let url = "https://127.0.0.1:\(test.port)/validate"
            let urls = Array(repeating: url, count: 20).joined(separator: " ")
            let before = try await Shell.run("\(curl) -d '{}' -w ' %{http_code}\n' \(urls)")
            #expect(before.output.components(separatedBy: " 200\n").count == 21)
            async let stopping: Void = test.server.stop()
            try await Task.sleep(for: .milliseconds(100))
            let during = try await Shell.run(
                "\(curl) -d '{}' -w ' %{http_code} %{num_connects}\n' \(url) \(url) \(url)")
            #expect(during.output.components(separatedBy: " 200 1\n").count == 4)
            await stopping
        }
    }
}
