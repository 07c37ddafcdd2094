import Logging
import NIOCore

@testable import WebhookServer

extension LoopContext {
    /// What an event loop of a server has, without the server.
    convenience init(
        _ eventLoop: any EventLoop, _ limits: ServerLimits, _ journal: TestProcessor.Journal, _ budget: MemoryBudget
    ) {
        let log = ReviewLog(
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            unknownKinds: UnknownKinds(known: ["regions"]), linesPerSecond: 10)
        let service = ReviewService(
            processor: TestProcessor(journal), metrics: RequestMetrics(resources: ["regions"]),
            findings: FindingMetrics(), log: log)
        self.init(
            eventLoop: eventLoop, limits: limits, service: service, budget: budget, shutdown: ShutdownState(),
            heartbeat: Heartbeat())
    }
}
