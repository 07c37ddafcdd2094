import NIOCore
import NIOPosix
import Testing

@testable import WebhookServer

/// When the deadlines of connections are looked at.
@Suite struct SweepTests {
    /// Not all that fall due between two looks at idle connections at once: the handshakes of those that come back would
    /// come at once too.
    @Test func eachIsLookedAtWhenItIsDue() async throws {
        var limits = ServerLimits()
        limits.lingerTimeout = limits.headTimeout
        #expect(limits.sweepInterval == .milliseconds(500))
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let order = try await eventLoop.flatSubmit { [limits] in
            let loop = LoopContext(eventLoop, limits, TestProcessor.Journal(), MemoryBudget(limit: 0))
            let done = eventLoop.makePromise(of: [Int].self)
            let now = NIODeadline.now()
            let timed = [20, 420].map { TimedTest(deadline: now + .milliseconds($0)) }
            var order: [Int] = []
            for (index, connection) in timed.enumerated() {
                connection.onDeadline = {
                    order.append(timed[index...].count { $0.deadline <= .now() })
                    loop.remove(connection)
                    connection.onDeadline = {}
                    guard index == timed.count - 1 else { return }
                    eventLoop.assumeIsolated().execute { loop.stop() }
                    done.succeed(order)
                }
                loop.add(connection)
            }
            loop.start()
            return done.futureResult
        }.get()
        #expect(order == [1, 1], "each the only one that is due")
    }

    private final class TimedTest: TimedConnection {
        var deadline: NIODeadline
        var slot = 0
        var onDeadline: () -> Void = {}

        init(deadline: NIODeadline) { self.deadline = deadline }

        func deadlineHasPassed() { onDeadline() }
        func closeIfIdle() {}
        func closeNow() {}
    }
}
