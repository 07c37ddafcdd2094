/// The times of the protocol, and why they are what they are.
package enum ClaimLimits {
    /// How long a Lease must have been seen unchanged before anybody but its holder may take or remove it
    /// (`--claim-ttl`).
    ///
    /// It must exceed the time for which the API server may still store a write that was admitted: 34 s, the bound of a
    /// request with its defaults, and 60 s where `--request-timeout` says so, which is what it is set to in most
    /// clusters. A quarter more is left for what a reading of a clock, and a slow machine, may be off by.
    package static let timeToLive: Duration = .seconds(75)

    /// The shortest that may be configured: the bound of a request, 34 s, and a little more.
    package static let minimumTimeToLive: Duration = .seconds(35)

    /// New class ids that one request may bring. They are claimed one after the other before the API server's patience of
    /// ten seconds ends: where a write takes 30 ms, as under load, so many take 8 s. A Region of more flavors comes in several
    /// updates; without a limit it would be answered 503 for ever.
    package static let maximumClaims = 256

    /// How long the API server may take to store a write that was admitted, by the default of its `--request-timeout`. A
    /// shorter time to live is worth a warning.
    package static let usualRequestTimeout: Duration = .seconds(60)

    /// Seconds after which a client should try again: a request of another takes milliseconds where it is refused in
    /// the end, and its object can be seen once it is stored.
    package static let retryAfterSeconds = 1

    /// How often a claim starts again because the Lease changed between two calls. Once is enough for the usual
    /// case, a holder who gave up in between; under contention the client's own retry is the fairer one.
    package static let maximumAttempts = 2
}
