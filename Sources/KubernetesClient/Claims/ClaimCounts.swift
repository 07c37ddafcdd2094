package import Synchronization

/// What became of claims, to be shown as metrics. Any thread may add and read.
package final class ClaimCounts: Sendable {
    /// Requests by their outcome.
    package let unique = Atomic(0)
    package let declared = Atomic(0)
    package let inFlight = Atomic(0)
    package let unavailable = Atomic(0)
    /// LISTs of all Regions; one serves every request that asked before it began.
    package let looks = Atomic(0)
    /// Leases that were removed because nobody counted on them any more.
    package let collected = Atomic(0)
    /// Sweeps that failed.
    package let failedSweeps = Atomic(0)

    init() {}
}
