import Glibc
import NIOCore
import Synchronization
import TLS
import Testing

@testable import WebhookServer

/// Many connections at once, over real sockets.
@Suite struct CrowdTests {
    @Test func connectionsOverTheLimitAreClosedAtOnce() async throws {
        try await TestServer.runTLS(limits: ServerLimits.with { $0.maxConnections = 3 }) { test in
            let isServedAfter = try await onThread {
                var clients = try (0..<3).map { _ in try test.client() }
                for client in clients {
                    try client.send(post())
                    #expect(try client.response().status == 200)
                }
                for _ in 0..<5 {
                    let refused = try RawClient(port: test.port)
                    #expect(try refused.untilClosed().isEmpty)
                }
                for client in clients {
                    try client.send(post())
                    #expect(try client.response().status == 200)
                }
                clients.removeLast()
                for _ in 0..<100 {
                    // The place of the one that left may not be free yet.
                    if let client = try? test.client() {
                        try? client.send(post())
                        if let response = try? client.response() { return response.status == 200 }
                    }
                    usleep(10_000)
                }
                return false
            }
            #expect(isServedAfter)
            #expect(try await test.metric("connections_refused_total") >= 5)
        }
    }

    /// Handshakes wait for those that are under way, but not for long.
    @Test func handshakesThatStallKeepOthersOutForAMomentOnly() async throws {
        let limits = ServerLimits.with {
            $0.maxHandshakes = 1
            $0.handshakePause = .milliseconds(1_500)
        }
        try await TestServer.runTLS(limits: limits) { test in
            let stalled = try await onThread { try (0..<2).map { _ in try RawClient(port: test.port) } }
            #expect(try await eventually { try await test.openConnections() == 2 })
            let answered = Tally()
            async let status = onThread {
                let client = try test.client()
                try client.send(post())
                let status = try client.response().status
                answered.add()
                return status
            }
            try await Task.sleep(for: .milliseconds(300))
            #expect(answered.count == 0)
            #expect(try await test.openConnections() == 3)
            #expect(try await status == 200)
            withExtendedLifetime(stalled) {}
        }
    }

    /// A handshake counts until it is over, whichever way it ends; otherwise each of these would wait for minutes.
    @Test func handshakesThatAreOverKeepNobodyOut() async throws {
        let limits = ServerLimits.with {
            $0.maxHandshakes = 1
            $0.handshakePause = .minutes(5)
        }
        try await TestServer.runTLS(limits: limits) { test in
            try await onThread {
                var clients: [RawClient] = []
                for index in 0..<12 {
                    switch index % 4 {
                    case 0: _ = try RawClient(port: test.port)
                    case 1: try RawClient(port: test.port).send("GET / HTTP/1.1\r\n\r\n")
                    default: clients.append(try test.client())
                    }
                }
                for client in clients {
                    try client.send(post())
                    #expect(try client.response().status == 200)
                }
            }
        }
    }

    /// Ten times as many clients as there is room for, each coming back at once; then one that is served in time.
    @Test func recoversFromOverload() async throws {
        try await TestServer.runTLS(limits: ServerLimits.with { $0.maxConnections = 4 }) { test in
            let served = Tally()
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<40 {
                    tasks.addTask {
                        try await onThread {
                            let clock = ContinuousClock()
                            let end = clock.now + .milliseconds(700)
                            while clock.now < end {
                                guard let client = try? test.client(), (try? client.send(post())) != nil,
                                    let response = try? client.response()
                                else { continue }
                                #expect(response.status == 200)
                                served.add()
                            }
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            let clock = ContinuousClock()
            let start = clock.now
            #expect(await eventually { (try? await test.exchange(post()))?.status == 200 })
            #expect(clock.now - start < .seconds(2))
            #expect(served.count > 0)
            #expect(try await test.metric("connections_refused_total") > 10)
        }
    }

    @Test func bodiesOverTheBudgetAreShed() async throws {
        try await TestServer.runTLS(limits: ServerLimits.with { $0.maxBodyBytesInFlight = 100_000 }) { test in
            let first = try await onThread {
                let large = Array(post("/validate", String(repeating: "x", count: 80_000)).utf8)
                let client = try test.client()
                try client.send(Array(large.dropLast(1)))
                return client
            }
            #expect(try await eventually { try await test.metric("body_bytes_in_flight") == 79_999 })
            try await onThread {
                // An ordinary body is shed before it is read, and its connection kept.
                let second = try test.client()
                for _ in 0..<3 {
                    try second.send(post("/validate", String(repeating: "x", count: 30_000)))
                    let response = try second.response()
                    #expect(response.status == 503)
                    #expect(response.headers["retry-after"] == "1")
                    #expect(!response.closes)
                }
                // A small one still finds room.
                try second.send(post())
                #expect(try second.response().status == 200)

                try first.send("x")
                #expect(try first.response().status == 200)
                try second.send(post("/validate", String(repeating: "x", count: 30_000)))
                #expect(try second.response().status == 200)
            }
            #expect(try await eventually { try await test.metric("requests_shed_total") == 3 })
            #expect(try await test.metric("body_bytes_in_flight") == 0)
        }
    }

    /// What is only announced takes nothing from anybody.
    @Test func announcedBodiesDoNotUseUpTheBudget() async throws {
        try await TestServer.runTLS(limits: ServerLimits.with { $0.maxBodyBytesInFlight = 1_000_000 }) { test in
            try await onThread {
                let large = post("/validate", String(repeating: "x", count: 900_000)).dropLast(900_000)
                let clients = try (0..<20).map { _ in try test.client() }
                for client in clients { try client.send(String(large)) }
                usleep(100_000)
                let client = try test.client()
                try client.send(post("/validate", String(repeating: "x", count: 900_000)))
                #expect(try client.response().status == 200)

                // Together they are too many, and some are told so.
                let body = String(repeating: "x", count: 900_000 - 1)
                var statuses: [Int] = []
                for client in clients.prefix(3) { try? client.send(body) }
                for client in clients.prefix(3) {
                    try? client.send("x")
                    statuses.append(try client.response().status)
                }
                #expect(statuses.contains(503))
            }
            #expect(try await eventually { try await test.metric("body_bytes_in_flight") == 0 })
        }
    }

    @Test func abortedRequestsLeaveNothingBehind() async throws {
        try await TestServer.runTLS { test in
            try await onThread {
                let request = Array(post("/validate", String(repeating: "x", count: 50_000)).utf8)
                for index in 0..<200 {
                    let client = try test.client()
                    try client.send(Array(request.prefix(1 + index * 250)))
                }
            }
            #expect(try await eventually { try await test.openConnections() == 0 })
            #expect(try await test.metric("body_bytes_in_flight") == 0)
            #expect(await eventually { test.server.configuration.tls?.current.liveConnectionCount == 0 })
        }
    }

    /// A thousand of them: a fifth each stand still in a handshake, after it, in a head and in a body, and a fifth go on byte by
    /// byte. How much longer the others wait is for `make bench` to say; here it is no other order of magnitude.
    @Test func manySlowConnectionsDisturbNobody() async throws {
        try await TestServer.runTLS { test in
            let port = test.port
            try await onThread {
                let client = try test.client()
                let clock = ContinuousClock()
                let percentile99 = { (beside: (Int) throws -> Void) in
                    var durations: [Duration] = []
                    for index in 0..<500 {
                        try beside(index)
                        let start = clock.now
                        try client.send(post())
                        #expect(try client.response().status == 200)
                        durations.append(clock.now - start)
                    }
                    return durations.sorted()[494]
                }
                let alone = try percentile99 { _ in }
                let parts = [post().dropLast(40), post().dropLast(1), "", "P"].map { String($0) }
                let slow = try (0..<1_000).map { index in
                    if index % 5 == 4 {
                        let client = try RawClient(port: port)
                        try client.send([0x16, 0x03, 0x01])
                        return client
                    }
                    let client = try test.client()
                    try client.send(parts[index % 5])
                    return client
                }
                let beside = try percentile99 { if $0 % 5 == 3 { try slow[$0].send("O") } }
                #expect(beside < alone * 10 + .milliseconds(50), "\(beside) in place of \(alone)")
                withExtendedLifetime(slow) {}
            }
            #expect(test.journal.reviews.count == 1_000)
        }
    }
}
