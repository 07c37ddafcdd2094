package import NIOCore

/// Every limit of a listener, each with its reason. Tests use shorter ones; nothing else needs to.
package struct ServerLimits: Sendable {
    // MARK: Connections

    /// Connections open at a time; one more is accepted and closed at once, which tells its client more than a full
    /// backlog does. The API server keeps 25 idle ones per configuration, so this is a crowd of API servers, at some
    /// 20 KB of memory each.
    package var maxConnections = 2_000
    /// Connections the kernel holds until they are accepted. A burst of this many is over in a few milliseconds; the
    /// kernel cuts it to `net.core.somaxconn`.
    package var backlog: Int32 = 1_024
    /// TLS handshakes under way on an event loop before the next one has to wait: as many as a processor finishes in 10 ms
    /// or so, each with 40 KB of memory that it needs no longer afterwards.
    package var maxHandshakes = 16
    /// How long handshakes whose clients stall keep the next ones waiting: long against a round trip.
    package var handshakePause = TimeAmount.milliseconds(50)
    /// From the start of a connection to the end of its TLS handshake. The API server gives up after the same time.
    package var handshakeTimeout = TimeAmount.seconds(10)
    /// How long a connection may wait for its next request. The API server closes idle ones after 90 s, and a server
    /// that is quicker races with it: the request that is then lost fails the user's request and is not retried.
    package var idleTimeout = TimeAmount.seconds(180)
    /// How long a connection may wait for its first request, where that is not as long as for the next one. An API server opens
    /// connections ahead of its requests.
    package var firstRequestTimeout: TimeAmount?
    /// How long a response may wait for a client that does not read, before the connection is dropped.
    package var writeStallTimeout = TimeAmount.seconds(30)
    /// How long a connection that is being closed waits for the client's end of stream. Closing with unread bytes makes
    /// the kernel send a reset, which can overtake the response that says why.
    package var lingerTimeout = TimeAmount.seconds(2)
    /// Response bytes that may wait for a client before nothing more is read from it: a pipelining client that does not
    /// read its answers stops being served instead of filling the memory. Sixty ordinary answers.
    package var maxResponseBytesWaiting = 16 * 1_024

    // MARK: Heads

    /// Bytes of a request line with its headers. The API server sends about 250; 64 KiB is far beyond any proxy's
    /// additions.
    package var maxHeadBytes = 64 * 1_024
    /// Header fields of a request. The API server sends 6; each costs several allocations.
    package var maxHeaderFields = 100
    /// From the first byte of a head to its last.
    package var headTimeout = TimeAmount.seconds(10)

    // MARK: Bodies

    /// Bytes of a body. The API server's own limit on a request is 3 MiB; as HTML-escaped JSON with the old object beside
    /// the new one that can become a review of 12 MB and more.
    package var maxBodyBytes = 32 * 1_024 * 1_024
    /// From the end of the head to the end of the body. The API server's longest webhook timeout is also 30 s.
    package var bodyTimeout = TimeAmount.seconds(30)
    /// Body bytes held for all connections together; what would exceed it is asked to come again later. Four of the
    /// largest bodies, or 5,000 ordinary ones; with what parsing takes, less than the memory that the manifests give a Pod.
    package var maxBodyBytesInFlight = 128 * 1_024 * 1_024
    /// Bytes that the parsers of all event loops take together for bodies that are not ordinary. An object of etcd's largest
    /// size, 1.5 MiB, twice in a review and of nothing but brackets, takes some 80 MB.
    package var maxParsingBytes = 128 * 1_024 * 1_024
    /// Body bytes of a refused request that are read and dropped so that the connection can be kept: cheaper than the
    /// handshake of a new one. A longer body is answered at once and the connection closed.
    package var maxDiscardedBodyBytes = 64 * 1_024
    /// What a body must exceed for memory to be given back after it: parsers and buffers grow to their largest input and
    /// would stay there.
    package var largeBodyBytes = 1_024 * 1_024
    /// What a client is asked to wait when it is turned away. The API server retries only for an integer, up to ten
    /// times within its deadline.
    package var retryAfterSeconds = 1

    // MARK: Answers

    /// When a client that does not say so in its query gives up: the API server's default for a webhook.
    package var defaultAnswerTimeout = TimeAmount.seconds(10)
    /// The longest that a client may say. The API server allows no more.
    package var maxAnswerTimeout = TimeAmount.seconds(30)

    // MARK: Shutting down

    /// How long, after the listener is closed, requests that have begun may take before they are cut off: the time a
    /// body may take, and a little.
    package var drainTimeout = TimeAmount.seconds(32)

    // MARK: Logging

    /// Lines about refused requests a second and event loop; the rest is only counted, so that nobody can fill a disk.
    package var refusalLinesPerSecond = 20

    package init() {}

    /// Limits of the health and metrics listeners: a few probes, no bodies, and small heads.
    package static var operations: ServerLimits {
        var limits = ServerLimits()
        limits.maxConnections = 64
        limits.backlog = 64
        // Longer than the interval at which anybody scrapes.
        limits.idleTimeout = .seconds(90)
        // Probes ask at once. Connections that say nothing would soon be as many as there may be, and probes be refused.
        limits.firstRequestTimeout = .seconds(5)
        limits.maxHeadBytes = 8 * 1_024
        limits.headTimeout = .seconds(5)
        limits.maxBodyBytes = 0
        limits.maxBodyBytesInFlight = 0
        limits.maxDiscardedBodyBytes = 0
        limits.drainTimeout = .seconds(1)
        return limits
    }

    /// How often connections are looked at when none is due: often enough that no deadline set meanwhile is missed by more
    /// than a tenth, and never idly often.
    var sweepInterval: TimeAmount {
        let shortest = [idleTimeout, writeStallTimeout, lingerTimeout, headTimeout, bodyTimeout].min() ?? idleTimeout
        return max(Self.leastSweepInterval, min(.milliseconds(500), .nanoseconds(shortest.nanoseconds / 10)))
    }

    /// Those that are due within so long are looked at together.
    static let leastSweepInterval = TimeAmount.milliseconds(10)
}
