import Glibc
import NIOCore
import Synchronization
import Testing

@testable import WebhookServer

/// Limits of size and time for one connection, each over a real socket.
@Suite struct LimitTests {
    /// Those that the program runs with; tests that wait for one have shorter ones.
    @Test func limitsOfTheProgram() {
        let limits = ServerLimits()
        #expect(limits.maxHeadBytes == 64 * 1_024)
        #expect(limits.headTimeout == .seconds(10))
        #expect(limits.handshakeTimeout == .seconds(10))
        #expect(limits.maxBodyBytes == 32 * 1_024 * 1_024)
        #expect(limits.bodyTimeout == .seconds(30))
        // A crowd of slow connections finds room, and leaves some.
        #expect(limits.maxConnections >= 2_000)
        #expect(limits.maxBodyBytesInFlight >= 4 * limits.maxBodyBytes)
        #expect(limits.retryAfterSeconds >= 1)
    }

    // MARK: Size

    @Test(arguments: [65_536, 65_537])
    func headSize(_ size: Int) async throws {
        try await TestServer.runTLS { test in
            let request = post(headers: ["X: "])
            let head = request.dropLast(2)
            let filled = head.replacing("X: ", with: "X: " + String(repeating: "x", count: size - head.utf8.count))
            let response = try await test.exchange(filled + "{}")
            #expect(response.status == (size == 65_536 ? 200 : 431))
            #expect(response.closes == (size != 65_536))
        }
    }

    @Test func endlessHeadIsRefusedAtTheLimit() async throws {
        try await TestServer.runTLS { test in
            try await onThread {
                for start in ["POST /", "POST /validate HTTP/1.1\r\nX: ", "X"] {
                    let client = try test.client()
                    try client.send(start + String(repeating: "x", count: 70_000))
                    #expect(try client.response().status == 431)
                    #expect(try client.untilClosed().isEmpty)
                }
            }
        }
    }

    @Test(arguments: [94, 95])
    func headerFields(_ extra: Int) async throws {
        try await TestServer.runTLS { test in
            let response = try await test.exchange(post(headers: (1...extra).map { "X\($0): a" }))
            #expect(response.status == (extra == 94 ? 200 : 431))
        }
    }

    @Test func bodyOverTheLimitIsRefusedBeforeItIsSent() async throws {
        try await TestServer.runTLS { test in
            try await onThread {
                let client = try test.client()
                let head = post().dropLast(2).replacing("Content-Length: 2", with: "Content-Length: 33554433")
                try client.send(String(head))
                let response = try client.response()
                #expect(response.status == 413)
                #expect(response.text == "Content-Length is 33554433; a body may have 33554432 bytes\n")
                #expect(response.closes)
                #expect(try client.untilClosed().isEmpty)
            }
        }
    }

    /// The client goes on sending; it must still be able to read why that is in vain.
    @Test func refusalSurvivesABodyThatIsSentAnyway() async throws {
        try await TestServer.runTLS(limits: ServerLimits.with { $0.maxBodyBytes = 1_000 }) { test in
            try await onThread {
                for _ in 0..<10 {
                    let client = try test.client()
                    try client.send(post("/validate", String(repeating: "x", count: 100_000)))
                    #expect(try client.response().status == 413)
                }
            }
        }
    }

    @Test func chunkedBodyOverTheLimitIsRefusedWhileItIsRead() async throws {
        try await TestServer.runTLS(limits: ServerLimits.with { $0.maxBodyBytes = 1_000 }) { test in
            try await onThread {
                for count in [1_000, 1_001] {
                    let client = try test.client()
                    let head = post().dropLast(2).replacing("Content-Length: 2", with: "Transfer-Encoding: chunked")
                    try client.send(String(head))
                    let chunk = "64\r\n" + String(repeating: "x", count: 100) + "\r\n"
                    for _ in 0..<10 { try client.send(chunk) }
                    try client.send(count == 1_000 ? "0\r\n\r\n" : "1\r\nx\r\n")
                    let response = try client.response()
                    #expect(response.status == (count == 1_000 ? 200 : 413))
                    #expect(response.closes)
                }
            }
        }
    }

    @Test func largestBodyIsServedAndItsMemoryReleased() async throws {
        try await TestServer.runTLS { test in
            let size = 32 * 1_024 * 1_024
            let sent = try await onThread {
                var body = [UInt8](repeating: 0x78, count: size)
                for index in stride(from: 0, to: size, by: 4_097) { body[index] = UInt8(truncatingIfNeeded: index) }
                let client = try test.client(timeout: 10)
                let head = post().dropLast(2).replacing("Content-Length: 2", with: "Content-Length: \(size)")
                try client.send(String(head))
                try client.send(body)
                #expect(try client.response().text.contains("\"length\":\(size)}"))
                try client.send(post())
                #expect(try client.response().status == 200)
                return body
            }
            #expect(test.journal.body.withLock { $0 } == sent)
            #expect(await eventually { test.journal.releases.count == 1 })
            #expect(test.journal.badPadding.count == 0)
        }
    }

    // MARK: Time

    /// Each byte comes soon after the one before it, all of them do not; they would last five seconds.
    private static let trickle = [UInt8](repeating: UInt8(ascii: "x"), count: 250)

    @Test func slowHeadIsEnded() async throws {
        try await TestServer.runTLS(limits: ServerLimits.with { $0.headTimeout = .milliseconds(300) }) { test in
            try await onThread {
                let client = try test.client()
                try client.send(post())
                #expect(try client.response().status == 200)
                #expect(try client.trickle(Array("POST /".utf8) + Self.trickle))
                let response = try client.response()
                #expect(response.status == 408)
                #expect(response.text.contains("0.3 s"))
                #expect(try client.untilClosed().isEmpty)
            }
            #expect(test.journal.reviews.count == 1)
        }
    }

    @Test func slowBodyIsEnded() async throws {
        try await TestServer.runTLS(limits: ServerLimits.with { $0.bodyTimeout = .milliseconds(300) }) { test in
            try await onThread {
                let client = try test.client()
                try client.send(post())
                #expect(try client.response().status == 200)
                let request = post("/validate", String(repeating: "x", count: 1_000))
                try client.send(String(request.dropLast(990)))
                #expect(try client.trickle(Self.trickle))
                #expect(try client.response().status == 408)
                #expect(try client.untilClosed().isEmpty)
            }
            #expect(test.journal.reviews.count == 1)
        }
    }

    @Test func idleConnectionIsClosedWithoutAWord() async throws {
        try await TestServer.runTLS(limits: ServerLimits.with { $0.idleTimeout = .milliseconds(300) }) { test in
            try await onThread {
                let unused = try test.client()
                let used = try test.client()
                try used.send(post())
                #expect(try used.response().status == 200)
                #expect(try unused.untilClosed().isEmpty)
                #expect(try used.untilClosed().isEmpty)
            }
        }
    }

    /// A client that sends requests and reads no responses is not read from any more, and then dropped.
    @Test func clientThatDoesNotReadIsDropped() async throws {
        let limits = ServerLimits.with {
            $0.writeStallTimeout = .milliseconds(400)
            $0.maxResponseBytesWaiting = 16_384
        }
        try await TestServer.runTLS(limits: limits) { test in
            let sent = try await onThread {
                let client = try test.client(timeout: 3, receiveBuffer: 4_096)
                // The answer is seven times as long as the request.
                let requests = Array(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 1_000).utf8)
                var sent = 0
                // 100 MB, which the server must not take.
                while sent < 100_000_000 {
                    do { try client.send(requests) } catch { break }
                    sent += requests.count
                }
                return sent
            }
            #expect(sent < 50_000_000)
            #expect(try await eventually { try await test.openConnections() == 0 })
        }
    }

    /// A long last answer has the time of any answer that waits for its client, not the short one of a connection that has
    /// nothing more to say.
    @Test func aLongLastAnswerWaitsForItsClient() async throws {
        let limits = ServerLimits.with { $0.lingerTimeout = .milliseconds(300) }
        try await TestServer.runTLS(limits: limits) { test in
            let response = try await onThread {
                let client = try test.client(receiveBuffer: 4_096)
                try client.send(post("/validate", "long", headers: ["Connection: close"]))
                usleep(1_500_000)
                return try client.response()
            }
            #expect(response.status == 200)
            #expect(response.body.count == TestProcessor.longBytes)
        }
    }
}
