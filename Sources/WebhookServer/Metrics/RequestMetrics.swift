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

/// Findings by rule, and defaults that were set. One lock does: it is held for a few comparisons.
final class FindingMetrics: Sendable {
    /// What is counted once for each decision.
    private enum Kind: Equatable {
        case denied(RuleID)
        case warned(RuleID)
        case defaulted(Default.ID)
    }

    /// As labels.
    struct Key: Hashable {
        var rule: String
        var severity: String
    }

    /// Of the some 60 rules a cluster sees a handful: they are found sooner by looking than by hashing.
    private let counts = Mutex<[(kind: Kind, count: Int)]>([])

    func count(_ decision: borrowing DecisionRecord) {
        if decision.deniedRules.isEmpty, decision.warnedRules.isEmpty, decision.defaults.isEmpty { return }
        let (denied, warned, defaults) = (decision.deniedRules, decision.warnedRules, decision.defaults)
        counts.withLock { counts in
            for rule in denied { Self.add(.denied(rule), to: &counts) }
            for rule in warned { Self.add(.warned(rule), to: &counts) }
            for id in defaults { Self.add(.defaulted(id), to: &counts) }
        }
    }

    private static func add(_ kind: Kind, to counts: inout [(kind: Kind, count: Int)]) {
        for index in counts.indices where counts[index].kind == kind {
            counts[index].count += 1
            return
        }
        counts.append((kind, 1))
    }

    /// Sorted by rule and severity.
    var all: [(key: Key, count: Int)] {
        counts.withLock { $0 }.map { (key: Self.key($0.kind), count: $0.count) }
            .sorted { ($0.key.rule, $0.key.severity) < ($1.key.rule, $1.key.severity) }
    }

    private static func key(_ kind: Kind) -> Key {
        switch kind {
        case .denied(let rule): Key(rule: rule.rawValue, severity: "deny")
        case .warned(let rule): Key(rule: rule.rawValue, severity: "warn")
        case .defaulted(let id): Key(rule: id.rawValue, severity: "default")
        }
    }
}
