import Policy
import Synchronization

/// What is counted of the requests of one event loop.
final class RequestMetrics: Sendable {
    /// Label values are fixed, so that no client can make more time series.
    static let paths = ["/validate", "/mutate", "other"]
    static let statuses = [200, 400, 404, 405, 408, 411, 413, 415, 417, 429, 431, 500, 503, 505]
    static let operations: [Operation] = [.create, .update, .delete, .connect]

    /// By path and status, the last status being all others.
    let requests = Counters(count: paths.count * (statuses.count + 1))
    /// By path.
    let bodyBytes = Counters(count: paths.count)
    /// By path, of requests that were not refused.
    let durations = [Histogram(), Histogram()]
    /// By resource, operation and verdict.
    let decisions: Counters
    let handshakeFailures = Counters(count: 1)
    /// Turned away with 503 before they were read.
    let shed = Counters(count: 1)

    /// The last one is "other".
    let resources: [String]

    init(resources: [String]) {
        self.resources = resources + ["other"]
        decisions = Counters(count: (resources.count + 1) * Self.operations.count * 2)
    }

    static func pathIndex(_ endpoint: ReviewEndpoint?) -> Int {
        switch endpoint {
        case .validate: 0
        case .mutate: 1
        case nil: 2
        }
    }

    func countRequest(_ endpoint: ReviewEndpoint?, status: Int, bodyBytes bytes: Int, nanoseconds: Int64?) {
        let path = Self.pathIndex(endpoint)
        let code = Self.statuses.firstIndex(of: status) ?? Self.statuses.count
        requests.add(at: path * (Self.statuses.count + 1) + code)
        bodyBytes.add(bytes, at: path)
        if let nanoseconds, path < durations.count { durations[path].observe(nanoseconds: nanoseconds) }
    }

    /// Its place in `operations`.
    private static func index(of operation: Operation) -> Int {
        switch operation {
        case .create: 0
        case .update: 1
        case .delete: 2
        case .connect: 3
        }
    }

    func countDecision(_ decision: borrowing DecisionRecord) {
        let name = decision.resource
        let resource = resources.firstIndex(of: name) ?? resources.count - 1
        let operation = Self.index(of: decision.operation)
        decisions.add(at: (resource * Self.operations.count + operation) * 2 + (decision.allowed ? 1 : 0))
    }
}

/// Findings by rule. They are rare, so one lock does.
final class FindingMetrics: Sendable {
    struct Key: Hashable {
        var rule: String
        var severity: String
    }

    /// More than there are rules; a bug that makes up rule ids must not fill the memory.
    private static let maxKeys = 256

    private let counts = Mutex<[Key: Int]>([:])

    func count(_ decision: borrowing DecisionRecord) {
        if decision.deniedRules.isEmpty, decision.warnedRules.isEmpty, decision.defaults.isEmpty { return }
        let groups = [
            ("deny", decision.deniedRules.map(\.rawValue)), ("warn", decision.warnedRules.map(\.rawValue)),
            ("default", decision.defaults.map(\.rawValue)),
        ]
        counts.withLock { counts in
            for (severity, rules) in groups {
                for rule in rules {
                    let key = Key(rule: rule, severity: severity)
                    if counts[key] != nil || counts.count < Self.maxKeys { counts[key, default: 0] += 1 }
                }
            }
        }
    }

    /// Sorted by rule and severity.
    var all: [(key: Key, count: Int)] {
        counts.withLock { counts in counts.map { (key: $0.key, count: $0.value) } }
            .sorted { ($0.key.rule, $0.key.severity) < ($1.key.rule, $1.key.severity) }
    }
}
