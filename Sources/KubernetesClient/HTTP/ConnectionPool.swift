import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import TLS

/// The connections of a client, confined to one event loop.
///
/// A request takes a connection that is free, or a new one up to the limit, or waits in line. What a connection is lost
/// with is sent again only where that is safe: nothing of it had been written, or it only reads and the connection had
/// been kept alive, whose end the server may have decided before the request came.
final class ConnectionPool: @unchecked Sendable {
    struct Limits: Sendable {
        /// Connections for everything but watches. The API server's fair queuing gives one client no more at a time.
        var connections = 8
        /// Requests that wait: more than that are not answered in time anyway.
        var waiting = 1_024
        var connectTimeout = TimeAmount.seconds(5)
        /// A free connection is closed after that, before something between here and there forgets it, and before the API
        /// server closes it, after 90 s: a request that is on its way then is lost, and may not be repeated.
        var idleTimeout = TimeAmount.seconds(60)
        /// A connection on which nothing comes is asked for a sign of life after that: a peer that is gone without a word
        /// would not be missed otherwise, since nothing is sent on a watch.
        var keepaliveTime = TimeAmount.seconds(30)
        /// The time between two such questions.
        var keepaliveInterval = TimeAmount.seconds(10)
        /// So many of them without an answer end the connection.
        var keepaliveProbes: SocketOptionValue = 3
    }

    let eventLoop: any EventLoop
    private let endpoint: ServerEndpoint
    private let tls: ClientTLS
    private let limits: Limits
    private var idle: [ClientConnection] = []
    private var waiting: [Exchange] = []
    private var open = 0
    private var connecting = 0
    private var dedicated: [ObjectIdentifier: ClientConnection] = [:]
    private var busy: [ObjectIdentifier: ClientConnection] = [:]
    private var isShutDown = false

    init(eventLoop: any EventLoop, endpoint: ServerEndpoint, tls: ClientTLS, limits: Limits) {
        self.eventLoop = eventLoop
        self.endpoint = endpoint
        self.tls = tls
        self.limits = limits
    }

    func start(_ exchange: Exchange) {
        eventLoop.assertInEventLoop()
        guard !exchange.isDone else { return }
        guard !isShutDown else { return exchange.finish(.failure(KubernetesError(.shutDown))) }
        exchange.timer = eventLoop.scheduleTask(deadline: exchange.deadline) { [self] in
            abandon(exchange, .timedOut)
        }
        if exchange.isDedicated { return connect(for: exchange) }
        guard waiting.count < limits.waiting else { return exchange.finish(.failure(KubernetesError(.overloaded))) }
        exchange.phase = .waiting
        waiting.append(exchange)
        serve()
    }

    /// Ends an exchange without an answer.
    func abandon(_ exchange: Exchange, _ kind: KubernetesError.Kind) {
        eventLoop.assertInEventLoop()
        waiting.removeAll { $0 === exchange }
        // Where one leads nowhere, the others may too, and each would cost another request all its time.
        if kind == .timedOut, case .running = exchange.phase { closeIdle() }
        exchange.giveUp(kind)
    }

    private func closeIdle() {
        for connection in idle { connection.close() }
        idle = []
    }

    /// Closes every connection; what is under way fails.
    func shutDown() {
        eventLoop.assertInEventLoop()
        isShutDown = true
        for exchange in waiting { exchange.finish(.failure(KubernetesError(.shutDown))) }
        waiting = []
        for connection in idle + busy.values + dedicated.values { connection.abort(.shutDown) }
        idle = []
    }

    // MARK: Connections

    private func serve() {
        while let exchange = waiting.first {
            if let connection = idle.popLast() {
                guard connection.isUsable else { continue }
                // The API server would judge by the certificate of then, which may have expired.
                guard isCurrent(connection) else {
                    connection.close()
                    continue
                }
                waiting.removeFirst()
                run(exchange, on: connection)
                continue
            }
            guard open + connecting < limits.connections, connecting < waiting.count else { return }
            connect()
            // A connection is not there before the loop's next turn.
            if connecting >= waiting.count { return }
        }
    }

    /// Whether a new connection would be made with the same certificate and the same trust. While the files cannot be read it
    /// would be.
    private func isCurrent(_ connection: ClientConnection) -> Bool {
        (try? tls.current()).map { $0 === connection.tls } ?? true
    }

    private func run(_ exchange: Exchange, on connection: ClientConnection) {
        busy[ObjectIdentifier(connection)] = connection
        connection.idleTimer?.cancel()
        connection.idleTimer = nil
        connection.run(exchange)
    }

    private func connect() {
        connecting += 1
        makeConnection().whenComplete { [self] result in
            connecting -= 1
            switch result {
            case .success(let connection) where isShutDown: connection.abort(.shutDown)
            case .success(let connection):
                open += 1
                adopt(connection)
                park(connection)
                serve()
            case .failure(let error):
                // One of those that wait is told; each has a connection attempted for it.
                if !waiting.isEmpty { waiting.removeFirst().finish(.failure(Self.connectError(error))) }
                serve()
            }
        }
    }

    private func adopt(_ connection: ClientConnection) {
        connection.whenFree = { [self, unowned connection] in
            busy[ObjectIdentifier(connection)] = nil
            park(connection)
            serve()
        }
        connection.whenLost = { [self, unowned connection] exchange, error in
            lost(exchange, wasKeptAlive: connection.uses > 0, error)
        }
        connection.whenClosed = { [self, unowned connection] in
            open -= 1
            busy[ObjectIdentifier(connection)] = nil
            idle.removeAll { $0 === connection }
            serve()
        }
    }

    private func park(_ connection: ClientConnection) {
        idle.append(connection)
        // One that is due fires although it was cancelled in the same turn of the event loop: a request may have the
        // connection by then, or it may be gone.
        connection.idleTimer = eventLoop.scheduleTask(in: limits.idleTimeout) { [weak connection] in
            if let connection, connection.isFree { connection.close() }
        }
    }

    private func lost(_ exchange: Exchange, wasKeptAlive: Bool, _ error: KubernetesError) {
        guard exchange.isSafe, wasKeptAlive, !exchange.hasResponse, !exchange.isSecondTry, !exchange.isDone else {
            return exchange.finish(.failure(error))
        }
        exchange.isSecondTry = true
        exchange.phase = .waiting
        // The others that were kept are as old as this one.
        closeIdle()
        waiting.insert(exchange, at: 0)
        serve()
    }

    // MARK: Connections of their own

    private func connect(for exchange: Exchange) {
        makeConnection().whenComplete { [self] result in
            switch result {
            case .success(let connection) where isShutDown || exchange.isDone:
                connection.close()
                exchange.finish(.failure(KubernetesError(.shutDown)))
            case .success(let connection):
                dedicated[ObjectIdentifier(connection)] = connection
                connection.whenClosed = { [self, unowned connection] in
                    dedicated[ObjectIdentifier(connection)] = nil
                }
                connection.run(exchange)
            case .failure(let error): exchange.finish(.failure(Self.connectError(error)))
            }
        }
    }

    private func makeConnection() -> EventLoopFuture<ClientConnection> {
        let context: TLSClientContext
        do throws(KubernetesError) {
            context = try tls.current()
        } catch {
            return eventLoop.makeFailedFuture(error)
        }
        let connected = eventLoop.makePromise(of: Void.self)
        let connection = ClientConnection(context, connected: connected)
        let serverName = endpoint.serverName
        ClientBootstrap(group: eventLoop)
            .connectTimeout(limits.connectTimeout)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.tcpOption(.init(rawValue: TCP_KEEPIDLE)), value: Self.seconds(limits.keepaliveTime))
            .channelOption(.tcpOption(.init(rawValue: TCP_KEEPINTVL)), value: Self.seconds(limits.keepaliveInterval))
            .channelOption(.tcpOption(.init(rawValue: TCP_KEEPCNT)), value: limits.keepaliveProbes)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(TLSClientHandler(context: context, serverName: serverName))
                    try pipeline.addHTTPClientHandlers(leftOverBytesStrategy: .dropBytes)
                    try pipeline.addHandler(connection)
                }
            }
            .connect(host: endpoint.host, port: endpoint.port)
            .whenFailure { connected.fail($0) }
        return connected.futureResult.map { connection }
    }

    private static func seconds(_ amount: TimeAmount) -> SocketOptionValue {
        SocketOptionValue(amount.nanoseconds / 1_000_000_000)
    }

    private static func connectError(_ error: any Error) -> KubernetesError {
        switch error {
        case let error as KubernetesError: error
        case let error as TLSError: KubernetesError(.tls(error.description))
        case let error as NIOConnectionError: KubernetesError(.connection(describe(error)))
        case let error as ChannelError:
            if case .connectTimeout = error {
                KubernetesError(.connection("the API server's address does not answer"))
            } else {
                KubernetesError(.connection("the connection to the API server failed"))
            }
        case let error as IOError: KubernetesError(.connection("cannot connect: \(error.description)"))
        default: KubernetesError(.connection("cannot connect to the API server"))
        }
    }

    private static func describe(_ error: NIOConnectionError) -> String {
        if let reason = error.connectionErrors.first?.error as? IOError {
            return "cannot connect to \(error.host):\(error.port): \(reason.description)"
        }
        return "the name \(error.host) cannot be resolved"
    }
}
