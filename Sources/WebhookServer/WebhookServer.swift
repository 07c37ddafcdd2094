import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The admission webhook's HTTP server: reviews over TLS, and health and metrics on ports of their own.
///
/// `start` binds and serves; `run` does so too, and returns when the graceful shutdown of its service group is complete.
package final class WebhookServer: Service {
    package let configuration: ServerConfiguration
    /// What `/readyz` shows. Checks may be added at any time.
    package let readiness = ReadinessChecks()
    /// What `/metrics` shows.
    package let metrics = MetricsRegistry()

    private let shutdown = ShutdownState()
    private let running = Mutex<Running?>(nil)
    private let isStarted = Mutex(false)

    /// What there is between start and stop.
    private struct Running {
        var groups: [MultiThreadedEventLoopGroup]
        var webhook: Listener
        var gate: ConnectionGate
        var operations: [Listener]
        var addresses: BoundAddresses
        var isStopping = false
    }

    package init(_ configuration: ServerConfiguration) {
        self.configuration = configuration
        let shutdown = shutdown
        readiness.add("shutdown") { shutdown.isDraining ? .failed("the server is shutting down") : .ok }
    }

    /// Where it listens; nothing unless it runs.
    package var addresses: BoundAddresses? { running.withLock { $0?.addresses } }

    // MARK: Starting

    /// Binds all addresses, or none: after an error nothing is left open.
    @discardableResult
    package func start() async throws(ServerStartError) -> BoundAddresses {
        let isFirst = isStarted.withLock { isStarted in
            defer { isStarted = true }
            return !isStarted
        }
        guard isFirst else { throw .alreadyStarted }

        let count = max(1, configuration.eventLoopCount)
        let heartbeats = (0..<count).map { _ in Heartbeat() }
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let operationsGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var operations: [Listener] = []
        do throws(ServerStartError) {
            let gate = ConnectionGate(limit: configuration.limits.maxConnections)
            let webhook = try await bindWebhook(group, gate, heartbeats)
            var addresses = BoundAddresses(webhook: webhook.address)
            do throws(ServerStartError) {
                for (address, offer) in operationsOffers {
                    let listener = try await bindOperations(address, offer, operationsGroup, heartbeats)
                    operations.append(listener)
                    if offer.contains(.health) { addresses.health = listener.address }
                    if offer.contains(.metrics) { addresses.metrics = listener.address }
                }
            } catch {
                await webhook.stopListening()
                await webhook.stop()
                throw error
            }
            let state = Running(
                groups: [group, operationsGroup], webhook: webhook, gate: gate, operations: operations,
                addresses: addresses)
            running.withLock { $0 = state }
            log(addresses)
            return addresses
        } catch {
            for listener in operations {
                await listener.stopListening()
                await listener.stop()
            }
            try? await group.shutdownGracefully()
            try? await operationsGroup.shutdownGracefully()
            throw error
        }
    }

    private var operationsOffers: [(ListenAddress, OperationsService.Offer)] {
        switch (configuration.healthAddress, configuration.metricsAddress) {
        case (let health?, let metrics?) where health == metrics && health.port != 0:
            [(health, [.health, .metrics])]
        case (let health, let metrics):
            [health.map { ($0, .health) }, metrics.map { ($0, .metrics) }].compactMap { $0 }
        }
    }

    private func bindWebhook(
        _ group: MultiThreadedEventLoopGroup, _ gate: ConnectionGate, _ heartbeats: [Heartbeat]
    ) async throws(ServerStartError) -> Listener {
        let configuration = configuration
        let shutdown = shutdown
        let budget = MemoryBudget(limit: configuration.limits.maxBodyBytesInFlight)
        let findings = FindingMetrics()
        let unknownKinds = UnknownKinds(known: configuration.knownResources)
        let loopMetrics = heartbeats.map { _ in RequestMetrics(resources: configuration.knownResources) }
        let serverMetrics = ServerMetrics(
            loops: loopMetrics, findings: findings, gate: gate, budget: budget, tls: configuration.tls,
            version: configuration.version)
        metrics.add { serverMetrics.collect(into: &$0) }
        metrics.add { ProcessMetrics.collect(into: &$0) }
        return try await Listener.bind(
            .init(address: configuration.address, limits: configuration.limits, tls: configuration.tls) {
                eventLoop, index in
                let log = ReviewLog(
                    logger: configuration.logger, unknownKinds: unknownKinds,
                    linesPerSecond: configuration.limits.refusalLinesPerSecond)
                let service = ReviewService(
                    processor: configuration.makeProcessor(), metrics: loopMetrics[index], findings: findings, log: log)
                return LoopContext(
                    eventLoop: eventLoop, limits: configuration.limits, service: service, budget: budget,
                    shutdown: shutdown, heartbeat: heartbeats[index])
            },
            group: group, gate: gate)
    }

    private func bindOperations(
        _ address: ListenAddress, _ offer: OperationsService.Offer, _ group: MultiThreadedEventLoopGroup,
        _ heartbeats: [Heartbeat]
    ) async throws(ServerStartError) -> Listener {
        let limits = configuration.operationsLimits
        let readiness = readiness
        let metrics = metrics
        return try await Listener.bind(
            .init(address: address, limits: limits, tls: nil) { eventLoop, _ in
                LoopContext(
                    eventLoop: eventLoop, limits: limits,
                    service: OperationsService(offer, readiness: readiness, heartbeats: heartbeats, metrics: metrics),
                    budget: MemoryBudget(limit: limits.maxBodyBytesInFlight), shutdown: ShutdownState(),
                    heartbeat: Heartbeat())
            },
            group: group, gate: ConnectionGate(limit: limits.maxConnections))
    }

    private func log(_ addresses: BoundAddresses) {
        var metadata: Logger.Metadata = ["address": "\(addresses.webhook)"]
        if let health = addresses.health { metadata["health"] = "\(health)" }
        if let metrics = addresses.metrics { metadata["metrics"] = "\(metrics)" }
        configuration.logger.info("listening", metadata: metadata)
    }

    // MARK: Running

    /// Why `run` stops waiting.
    private enum Event {
        case shutdown
        case listenerLost
    }

    /// Serves until the graceful shutdown of the service group, and then for the time of the drain; a cancelled task
    /// shuts down without delay.
    ///
    /// Throws a `ServerStartError`, also when the system takes the listener away later: a server that accepts nothing
    /// must not look alive.
    package func run() async throws {
        if running.withLock({ $0 == nil }) { try await start() }
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        running.withLock { $0?.webhook }?.whenClosed { continuation.yield(.listenerLost) }
        let event = await withTaskCancellationOrGracefulShutdownHandler {
            // The handler ends the wait of a cancelled task too, where the stream alone would end without an event.
            await events.first { _ in true }
        } onCancelOrGracefulShutdown: {
            continuation.yield(.shutdown)
        }
        if event == .listenerLost, !shutdown.isDraining {
            configuration.logger.critical("the listener is lost")
            await stop(after: .zero)
            throw ServerStartError.listenerLost(configuration.address)
        }
        await stop()
    }

    /// Shuts down in good order; at once if the task is cancelled.
    ///
    /// Closing the connections first thing, as other servers do, loses the requests that are on their way; the API server
    /// does not send them again.
    package func stop() async {
        await stop(after: configuration.drainDelay)
    }

    private func stop(after delay: Duration) async {
        let state = running.withLock { running in
            defer { running?.isStopping = true }
            return running?.isStopping == false ? running : nil
        }
        guard let running = state else { return }
        let logger = configuration.logger
        shutdown.begin()
        logger.info("shutting down", metadata: ["delay": "\(delay)"])
        try? await Task.sleep(for: delay)

        await running.webhook.stopListening()
        await running.webhook.closeIdleConnections()
        let deadline = NIODeadline.now() + configuration.limits.drainTimeout
        while running.gate.open > 0, NIODeadline.now() < deadline, !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(10))
        }
        if running.gate.open > 0 {
            logger.warning("connections are cut off", metadata: ["count": "\(running.gate.open)"])
        }
        await running.webhook.stop()
        for listener in running.operations {
            await listener.stopListening()
            await listener.stop()
        }
        for group in running.groups { try? await group.shutdownGracefully() }
        self.running.withLock { $0 = nil }
        logger.info("stopped")
    }
}
