import Synchronization

/// What became of claims, to be shown as metrics. Any thread may add and read.
package final class ClaimCounts: Sendable {
    package enum Kind: Int, CaseIterable, Sendable {
        /// Requests by their outcome.
        case unique, declared, inFlight, unavailable
        /// LISTs of all Regions; one serves every request that asked before it began.
        case look
        /// Leases that were removed because nobody counted on them any more.
        case collected
        /// Sweeps that failed.
        case failedSweep
    }

    private let counts = Mutex([Int](repeating: 0, count: Kind.allCases.count))

    init() {}

    func add(_ kind: Kind) { counts.withLock { $0[kind.rawValue] += 1 } }

    package subscript(kind: Kind) -> Int { counts.withLock { $0[kind.rawValue] } }
}
