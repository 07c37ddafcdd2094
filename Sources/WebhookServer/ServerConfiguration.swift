package import Logging
package import TLS

/// How a `WebhookServer` is set up.
package struct ServerConfiguration: Sendable {
    /// Where the API server calls.
    package var address: ListenAddress
    /// Without it the server speaks plain HTTP, which the API server does not: for tests.
    package var tls: TLSServerContextProvider?
    /// `/healthz`, `/livez` and `/readyz`; nothing disables them. May be the same as `metricsAddress`.
    package var healthAddress: ListenAddress?
    /// `/metrics`; nothing disables it.
    package var metricsAddress: ListenAddress?
    package var limits = ServerLimits()
    package var operationsLimits = ServerLimits.operations
    /// Threads that serve reviews. Health and metrics have one of their own, so that load does not look like death.
    package var eventLoopCount: Int
    /// From the first sign of shutting down to the closed listener: for everybody to learn that the server is going. Each
    /// response of that time ends its connection, so that the client does not send its next request to one that is being
    /// closed.
    package var drainDelay = Duration.seconds(15)
    /// Makes the processor of an event loop, on that loop.
    package var makeProcessor: @Sendable () -> any ReviewProcessor
    /// Resources that rules judge. Decisions about others are counted together, and logged once for each kind.
    package var knownResources = ["regions", "nodes"]
    /// For `build_info`.
    package var version = "unknown"
    package var logger: Logger

    package init(
        address: ListenAddress, tls: TLSServerContextProvider?, eventLoopCount: Int, logger: Logger,
        makeProcessor: @escaping @Sendable () -> any ReviewProcessor
    ) {
        self.address = address
        self.tls = tls
        self.eventLoopCount = eventLoopCount
        self.logger = logger
        self.makeProcessor = makeProcessor
    }
}

/// Where a server listens, the ports filled in.
package struct BoundAddresses: Equatable, Sendable {
    package var webhook: ListenAddress
    package var health: ListenAddress?
    package var metrics: ListenAddress?
}
