import Logging
import NIOCore
import Policy
import Synchronization

/// What one event loop logs of its requests.
final class ReviewLog {
    private let logger: Logger
    private let unknownKinds: UnknownKinds
    private let linesPerSecond: Int
    /// Asked once: a logger's level does not change while it is held.
    let logsAllowed: Bool
    private var second: UInt64 = 0
    private var lines = 0
    private var suppressed = 0

    init(logger: Logger, unknownKinds: UnknownKinds, linesPerSecond: Int) {
        self.logger = logger
        self.unknownKinds = unknownKinds
        self.linesPerSecond = linesPerSecond
        logsAllowed = logger.logLevel <= .debug
    }

    /// Once for each decision: those that refuse always, the others for debugging. Nothing is formatted that is not
    /// logged.
    func decision(_ record: borrowing DecisionRecord) {
        if unknownKinds.isNew(record) {
            logger.info(
                "a kind is sent here that no rule judges; it is allowed",
                metadata: ["kind": "\(record.subject?.kind ?? "")", "resource": "\(record.resource)"])
        }
        if record.allowed {
            if logsAllowed { logger.debug("allowed", metadata: Self.metadata(record)) }
        } else {
            logger.info("denied", metadata: Self.metadata(record))
        }
    }

    /// A request that could not be decided. At most so many a second: anybody who reaches the port can cause them.
    func problem(_ text: String, status: Int) {
        guard isWithinRate() else { return }
        logger.info("request refused", metadata: ["status": "\(status)", "problem": "\(text)"])
    }

    func tlsFailure(_ error: any Error) {
        logger.debug("TLS connection failed", metadata: ["problem": "\(error)"])
    }

    private func isWithinRate() -> Bool {
        let now = NIODeadline.now().uptimeNanoseconds / 1_000_000_000
        if now != second {
            if suppressed > 0 {
                logger.info("more requests were refused than are logged", metadata: ["count": "\(suppressed)"])
            }
            second = now
            lines = 0
            suppressed = 0
        }
        lines += 1
        if lines > linesPerSecond {
            suppressed += 1
            return false
        }
        return true
    }

    private static func metadata(_ record: borrowing DecisionRecord) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "operation": "\(record.operation.rawValue)", "code": "\(record.code)",
        ]
        if let subject = record.subject {
            metadata["uid"] = "\(subject.uid)"
            metadata["kind"] = "\(subject.kind)"
            metadata["name"] = "\(subject.name)"
            metadata["user"] = "\(subject.username)"
            if !subject.subresource.isEmpty { metadata["subresource"] = "\(subject.subresource)" }
            if !subject.namespace.isEmpty { metadata["namespace"] = "\(subject.namespace)" }
            if subject.dryRun { metadata["dryRun"] = "true" }
        }
        for (key, ids) in [
            ("denied", record.deniedRules.map(\.rawValue)), ("warned", record.warnedRules.map(\.rawValue)),
            ("defaults", record.defaults.map(\.rawValue)),
        ] where !ids.isEmpty {
            metadata[key] = .array(ids.map { "\($0)" })
        }
        return metadata
    }
}

/// The kinds no rule judges that have been seen. Shared by all event loops.
final class UnknownKinds: Sendable {
    /// A webhook configuration that matches everything must not fill the memory.
    private static let maxKinds = 100

    private let known: [String]
    private let seen = Mutex<Set<String>>([])

    /// - Parameter known: resources that rules judge.
    init(known: [String]) {
        self.known = known
    }

    /// True once for each kind.
    func isNew(_ record: borrowing DecisionRecord) -> Bool {
        let resource = record.resource
        if known.contains(resource) { return false }
        let kind = record.subject?.kind ?? ""
        return seen.withLock { seen in
            seen.count < Self.maxKinds && seen.insert("\(resource) \(kind)").inserted
        }
    }
}
