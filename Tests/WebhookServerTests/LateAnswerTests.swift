import Glibc
import NIOCore
import Synchronization
import Testing

@testable import WebhookServer

/// Reviews that are decided later: answered once and in order, or forgotten.
@Suite struct LateAnswerTests {
    @Test(arguments: ["later 50", "later at once", "later twice"])
    func isAnsweredOnce(_ body: String) async throws {
        try await TestServer.runTLS { test in
            try await onThread {
                let client = try test.client()
                for _ in 0..<3 {
                    try client.send(post("/validate", body))
                    let response = try client.response()
                    #expect(response.status == 200)
                    #expect(response.text == #"{"endpoint":"validate","length":\#(body.utf8.count)}"#)
                    #expect(!response.closes)
                }
                try client.send(post("/mutate", "{}"))
                #expect(try client.response().text == #"{"endpoint":"mutate","length":2}"#)
            }
            #expect(test.journal.completed.count == 3)
            #expect(test.journal.refused.count == (body == "later twice" ? 3 : 0))
            #expect(test.journal.cancelled.count == 0)
            #expect(test.journal.badPadding.count == 0)
            #expect(try await test.metric("body_bytes_in_flight") == 0)
        }
    }

    /// Also where the bodies lie one behind the other, and where they come in parts or chunks.
    @Test func pipelinedRequestsWait() async throws {
        try await TestServer.runTLS { test in
            try await onThread {
                let client = try test.client()
                let bodies = ["later 500", "later at once", "{}", "later 10", "later at once", "deny"]
                let chunked = post("/validate", "").replacing("Content-Length: 0", with: "Transfer-Encoding: chunked")
                try client.send(bodies.map { post("/validate", $0) }.joined() + chunked + "7\r\nlater 2\r\n")
                for _ in 0..<500 where test.journal.reviews.count == 0 { usleep(10_000) }
                usleep(20_000)
                #expect(test.journal.reviews.count == 1)
                try client.send("1\r\n0\r\n0\r\n\r\n")
                for body in bodies + ["later 20"] {
                    #expect(try client.response().text.hasSuffix("\"length\":\(body.utf8.count)}"))
                }
                #expect(try client.untilClosed().isEmpty)
            }
            #expect(test.journal.badPadding.count == 0)
            #expect(test.journal.reviews.count == 7)
        }
    }

    /// None is answered from within the answer to the one before.
    @Test func requestsThatCompleteAtOnceNeedNoStack() async throws {
        try await TestServer.runTLS { test in
            try await onThread {
                let client = try test.client()
                try client.send(String(repeating: post("/validate", "later at once"), count: 300))
                for _ in 0..<300 { #expect(try client.response().status == 200) }
            }
        }
    }

    /// The server does not take what a client sends while its review is undecided.
    @Test func nothingIsReadMeanwhile() async throws {
        try await TestServer.runTLS { test in
            let sent = try await onThread {
                let client = try test.client(timeout: 1)
                try client.send(post("/validate?timeout=30s", "later never"))
                let more = Array(String(repeating: post(), count: 1_000).utf8)
                var sent = 0
                while sent < 100_000_000 {
                    do { try client.send(more) } catch { break }
                    sent += more.count
                }
                return sent
            }
            #expect(sent < 50_000_000)
            #expect(test.journal.reviews.count == 1)
        }
    }

    @Test func closedConnectionCancels() async throws {
        try await TestServer.runTLS { test in
            try await onThread {
                for body in ["later never", "later 300"] {
                    let client = try test.client()
                    try client.send(post("/validate", body))
                    for _ in 0..<200 where test.journal.begun.count < (body == "later never" ? 1 : 2) { usleep(10_000) }
                }
            }
            #expect(await eventually { test.journal.cancelled.count == 2 })
            #expect(await eventually { test.journal.refused.count == 1 })
            #expect(test.journal.completed.count == 0)
            #expect(try await eventually { try await test.openConnections() == 0 })
            #expect(try await test.metric("body_bytes_in_flight") == 0)
        }
    }

    @Test func undecidedReviewIsAnsweredAtItsDeadline() async throws {
        try await TestServer.runTLS(limits: ServerLimits.with { $0.headTimeout = .milliseconds(300) }) { test in
            try await onThread {
                let client = try test.client()
                try client.send(post("/validate?timeout=200ms", "later never") + post())
                let response = try client.response()
                #expect(response.status == 503)
                #expect(response.headers["retry-after"] == "1")
                #expect(try client.response().status == 200)
            }
            #expect(test.journal.cancelled.count == 1)
            #expect(try await eventually { try await test.metric("requests_shed_total") == 1 })
        }
    }

    @Test(arguments: [
        ("/validate?timeout=5s", 5.0), ("/validate?timeout=1m", 30), ("/validate?timeout=1500ms", 1.5),
        ("/validate", 10),
        ("/validate?timeout=x", 10), ("/validate?timeout=-1s", 10), ("/validate?timeout=0", 10),
    ])
    func deadlineIsTheClients(_ target: String, _ seconds: Double) async throws {
        try await TestServer.runTLS { test in
            _ = try await test.exchange(post(target))
            let patience = test.journal.patience.withLock { $0 } / .seconds(1)
            #expect(patience <= seconds && patience > seconds - 1)
        }
    }

    /// What is waited for is held, and so has a limit.
    @Test func waitingBodiesCountAsInFlight() async throws {
        try await TestServer.runTLS(limits: ServerLimits.with { $0.maxBodyBytesInFlight = 30 }) { test in
            try await onThread {
                let clients = try (0..<3).map { _ in try test.client() }
                var statuses: [Int] = []
                for (index, client) in clients.enumerated() {
                    try client.send(post("/validate", "later 1000 x"))
                    for _ in 0..<500 where index < 2 && test.journal.begun.count <= index { usleep(10_000) }
                }
                for client in clients { statuses.append(try client.response().status) }
                #expect(statuses == [200, 200, 503])
            }
            #expect(try await test.metric("body_bytes_in_flight") == 0)
        }
    }

    @Test func drainWaitsForTheAnswer() async throws {
        let made = TestServer.make { $0.limits.drainTimeout = .seconds(5) }
        let addresses = try await made.server.start()
        async let response = onThread {
            let client = try RawClient(port: addresses.webhook.port)
            try client.send(post("/validate", "later 1000"))
            return try client.response()
        }
        #expect(await eventually { made.journal.begun.count == 1 })
        await made.server.stop()
        #expect(try await response.status == 200)
        #expect(try await response.closes)
        #expect(made.journal.completed.count == 1)
    }
}
