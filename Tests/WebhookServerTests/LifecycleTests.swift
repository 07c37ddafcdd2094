import Glibc
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import TestSupport
import Testing

@testable import WebhookServer

/// Starting, and stopping without losing a request.
@Suite struct LifecycleTests {
    @Test func portInUseIsNamed() async throws {
        try await TestServer.run { test in
            let address = test.addresses.webhook
            let second = TestServer.make { $0.address = address }
            await #expect(throws: ServerStartError.addressInUse(address)) { try await second.server.start() }
            #expect(
                "\(ServerStartError.addressInUse(address))".contains("127.0.0.1:\(address.port): the port is in use"))

            // The webhook's own port is let go of when another one cannot be bound.
            let third = TestServer.make { $0.metricsAddress = address }
            await #expect(throws: ServerStartError.addressInUse(address)) { try await third.server.start() }
            #expect(third.server.addresses == nil)
            await #expect(throws: ServerStartError.addressInUse(address)) {
                try await TestServer.make { $0.address = address }.server.run()
            }
        }
    }

    @Test(arguments: [
        ("192.0.2.1", ServerStartError.addressNotAvailable(ListenAddress(host: "192.0.2.1", port: 0))),
        ("no such host", ServerStartError.unknownHost(ListenAddress(host: "no such host", port: 0))),
    ])
    func badAddress(_ host: String, _ error: ServerStartError) async throws {
        let made = TestServer.make { $0.address = ListenAddress(host: host, port: 0) }
        await #expect(throws: error) { try await made.server.start() }
    }

    @Test func serverRunsOnce() async throws {
        try await TestServer.run { test in
            await #expect(throws: ServerStartError.alreadyStarted) { try await test.server.start() }
        }
    }

    @Test(arguments: [
        ("127.0.0.1:80", "127.0.0.1", 80), (":8080", "0.0.0.0", 8080), ("[::1]:0", "::1", 0),
        ("a.b:65535", "a.b", 65535),
    ])
    func addressIsRead(_ text: String, _ host: String, _ port: Int) {
        #expect(ListenAddress(text) == ListenAddress(host: host, port: port))
    }

    @Test(arguments: [
        "", "80", "a:", "a:b", "a:65536", "a:-1", "a:+1", "::1:80", "[::1]", "[]:80", "[a:80", "a:123456",
    ])
    func addressIsRefused(_ text: String) {
        #expect(ListenAddress(text) == nil)
    }

    @Test func listensOnIPv6() async throws {
        try await TestServer.run(configure: { $0.address = ListenAddress(host: "::1", port: 0) }) { test in
            #expect("\(test.addresses.webhook)" == "[::1]:\(test.port)")
            let result = try await Shell.run(
                "curl -sS -g -H 'Content-Type: application/json' -d '{}' 'http://[::1]:\(test.port)/validate'")
            #expect(result.output == #"{"endpoint":"validate","length":2}"#)
        }
    }

    @Test func healthAndMetricsMayShareAPort() async throws {
        // A port that was free a moment ago may be somebody else's by now.
        for attempt in 0..<10 {
            let free = try await TestServer.run { $0.addresses.metrics }
            do {
                try await TestServer.run(configure: {
                    $0.healthAddress = free
                    $0.metricsAddress = free
                }) { test in
                    let alive = try await test.get("/livez", from: free)
                    let metrics = try await test.get("/metrics", from: free)
                    #expect(alive.status == 200)
                    #expect(metrics.status == 200)
                }
                return
            } catch ServerStartError.addressInUse where attempt < 9 {
                continue
            }
        }
    }

    @Test func healthAndMetricsMayBeOff() async throws {
        try await TestServer.run(configure: {
            $0.healthAddress = nil
            $0.metricsAddress = nil
        }) { test in
            #expect(test.addresses.health == nil)
            #expect(test.addresses.metrics == nil)
            let response = try await test.exchange(post())
            #expect(response.status == 200)
        }
    }

    @Test func noRequestFailsWhileTheServerGoesDown() async throws {
        let made = TestServer.make { $0.drainDelay = .seconds(2) }
        let server = made.server
        let addresses = try await server.start()
        let port = addresses.webhook.port
        let healthPort = try #require(addresses.health?.port)
        let group = ServiceGroup(
            configuration: .init(
                services: [.init(service: server)], logger: Logger(label: "group") { _ in SwiftLogNoOpLogHandler() }))
        let served = Tally()
        let last = Tally()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for _ in 0..<8 {
                // Each client goes on for a while after it has first been told to leave: the endpoint may still be known.
                tasks.addTask {
                    try await onThread {
                        var client: RawClient?
                        let clock = ContinuousClock()
                        var end: ContinuousClock.Instant?
                        while end.map({ clock.now < $0 }) ?? true {
                            let current = try client ?? RawClient(port: port)
                            try current.send(post())
                            let response = try current.response()
                            #expect(response.status == 200)
                            served.add()
                            if response.closes {
                                last.add()
                                end = end ?? clock.now + .milliseconds(900)
                            }
                            client = response.closes ? nil : current
                        }
                    }
                }
            }
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await status("/readyz", healthPort) == 200)
            #expect(last.count == 0)
            await group.triggerGracefulShutdown()
            // Not ready any more, and alive.
            #expect(try await eventually { try await status("/readyz", healthPort) == 503 })
            #expect(try await status("/livez", healthPort) == 200)
            try await tasks.waitForAll()
        }
        #expect(served.count > 100)
        #expect(last.count > 8)
        #expect(server.addresses == nil)
        await #expect(throws: RawClient.Failure.self) { try await onThread { _ = try RawClient(port: port) } }
    }

    private func status(_ path: String, _ port: Int) async throws -> Int {
        try await onThread {
            let client = try RawClient(port: port)
            try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            return try client.response().status
        }
    }

    /// A request whose body is still coming when the listener is closed is answered; one that never ends is cut off.
    @Test func requestsInFlightAreFinished() async throws {
        let made = TestServer.make { $0.limits.drainTimeout = .seconds(2) }
        let port = try await made.server.start().webhook.port
        let request = post("/validate", "{\"a\":1}")
        let halfSent = Tally()
        async let finished = onThread {
            let client = try RawClient(port: port)
            let idle = try RawClient(port: port)
            let stuck = try RawClient(port: port)
            try idle.send(post())
            #expect(try idle.response().status == 200)
            try client.send(String(request.dropLast(3)))
            try stuck.send(String(request.dropLast(3)))
            usleep(50_000)
            halfSent.add()
            usleep(150_000)
            #expect(try idle.untilClosed().isEmpty)
            try client.send(String(request.suffix(3)))
            let response = try client.response()
            #expect(response.status == 200)
            #expect(response.closes)
            #expect(try stuck.untilClosed().isEmpty)
        }
        #expect(await eventually { halfSent.count > 0 })
        let clock = ContinuousClock()
        let start = clock.now
        await made.server.stop()
        // The bound on it all, and no more.
        #expect(clock.now - start < .seconds(10))
        try await finished
        #expect(made.log.lines.contains { $0.contains("connections are cut off") })
    }

    /// A connection whose handshake ends once the idle ones have been closed, and that then says nothing, holds nobody up.
    @Test func aHandshakeThatEndsDuringTheDrainIsNotWaitedForLong() async throws {
        let made = try TestServer.make(tls: TestCertificates.server()) {
            $0.limits.drainTimeout = .seconds(20)
            $0.limits.lingerTimeout = .seconds(3)
        }
        let port = try await made.server.start().webhook.port
        let client = try await onThread { try RawClient(port: port) }
        #expect(
            await eventually {
                String(decoding: made.server.metrics.render(), as: UTF8.self).contains("connections_open 1\n")
            })
        let clock = ContinuousClock()
        let start = clock.now
        async let stopped: Void = made.server.stop()
        // Nobody listens any more.
        #expect(await eventually { (try? await onThread { try RawClient(port: port) }) == nil })
        try await onThread {
            try client.handshake(TestCertificates.client.get())
            _ = try client.untilClosed()
        }
        await stopped
        #expect(clock.now - start < .seconds(10))
        #expect(!made.log.lines.contains { $0.contains("cut off") })
    }

    /// The second signal of the executable: everything ends at once.
    @Test func cancellationDoesNotWait() async throws {
        let made = TestServer.make { $0.drainDelay = .seconds(60) }
        try await made.server.start()
        let task = Task { try await made.server.run() }
        try await Task.sleep(for: .milliseconds(50))
        let clock = ContinuousClock()
        let start = clock.now
        task.cancel()
        try await task.value
        #expect(clock.now - start < .seconds(10))
    }

    /// Accepting pauses when there are no descriptors, and goes on by itself.
    @Test func acceptingPausesWithoutDescriptors() async throws {
        let gate = ConnectionGate(limit: 1)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ConnectionGateHandler(gate) { _ in })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        for (code, isReading) in [(ECONNABORTED, true), (EMFILE, false), (EMFILE, false)] {
            channel.pipeline.fireErrorCaught(IOError(errnoCode: code, reason: "accept"))
            #expect(try await channel.getOption(.autoRead).get() == isReading)
        }
        #expect(try await eventually { try await channel.getOption(.autoRead).get() })
        #expect(gate.failed == 3)
        let port = try #require(channel.localAddress?.port)
        try await onThread { _ = try RawClient(port: port) }
        #expect(await eventually { gate.accepted == 1 })
        try await channel.close()
    }
}
