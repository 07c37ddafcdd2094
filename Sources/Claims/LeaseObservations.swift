/// For how long this replica has seen each Lease unchanged, on its own monotonic clock.
///
/// No time stamp of any machine is compared with another's: a Lease that is seen for the first time is new, however old
/// it may be, and a replica that starts anew knows nothing.
package struct LeaseObservations: Sendable {
    private struct Sight: Sendable {
        let version: LeaseVersion
        let since: MonotonicTime
    }

    private var sights: [String: Sight] = [:]

    package init() {}

    /// Notes that a Lease was seen in a version, and says for how long it has been. `now` is read after the answer that
    /// shows the version has come, never before.
    package mutating func see(_ lease: String, _ version: LeaseVersion, at now: MonotonicTime) -> Duration {
        if let sight = sights[lease], sight.version == version { return sight.since.duration(to: now) }
        sights[lease] = Sight(version: version, since: now)
        return .zero
    }

    /// Forgets the Leases that are gone, so that the table is no larger than what there is.
    package mutating func keep(only leases: Set<String>) {
        sights = sights.filter { leases.contains($0.key) }
    }

    package var count: Int { sights.count }
}

/// A reading of a clock that never goes back; only readings of one process compare.
package struct MonotonicTime: Hashable, Comparable, Sendable {
    private let sinceOrigin: Duration

    package init(sinceOrigin: Duration) {
        self.sinceOrigin = sinceOrigin
    }

    /// Zero where `later` is not later.
    package func duration(to later: MonotonicTime) -> Duration {
        max(.zero, later.sinceOrigin - sinceOrigin)
    }

    package static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.sinceOrigin < right.sinceOrigin }
}
