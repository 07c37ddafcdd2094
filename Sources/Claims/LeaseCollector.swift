/// Removes locks that nobody counts on any more. Every replica collects; it reads no Region.
package struct LeaseCollector: Sendable {
    private let timeToLive: Duration

    package init(timeToLive: Duration = ClaimLimits.timeToLive) {
        self.timeToLive = timeToLive
    }

    /// The Leases to DELETE, with uid and resourceVersion as preconditions, of all that a LIST showed: those that this
    /// replica has seen unchanged for the time to live. `now` is read after the LIST's answer has come.
    package func expired(
        among leases: [(name: String, version: LeaseVersion)], _ observations: inout LeaseObservations,
        at now: MonotonicTime
    ) -> [(name: String, version: LeaseVersion)] {
        let claims = leases.filter { $0.name.hasPrefix(Claim.prefix) }
        observations.keep(only: Set(claims.lazy.map(\.name)))
        return claims.filter { observations.see($0.name, $0.version, at: now) >= timeToLive }
    }

    /// Twice in the time to live: a lock that is left behind goes within one and a half of it.
    package var interval: Duration { timeToLive / 2 }
}
