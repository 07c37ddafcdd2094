import Glibc
import NIOCore
import NIOPosix
import TLS

/// A listening socket and the connections accepted from it.
final class Listener: Sendable {
    /// What a listener is made of.
    struct Configuration: Sendable {
        var address: ListenAddress
        var limits: ServerLimits
        var tls: TLSServerContextProvider?
        /// Called once for each event loop, on it.
        var makeLoop: @Sendable (_ eventLoop: any EventLoop, _ index: Int) -> any ConnectionLoop
    }

    private struct Loop: Sendable {
        let eventLoop: any EventLoop
        let context: NIOLoopBound<any ConnectionLoop>
        let buffers: NIOLoopBound<TLSBuffers>
        let turn: NIOLoopBound<TLSTurn>
        let handshakes: NIOLoopBound<HandshakeQueue>

        init(_ eventLoop: any EventLoop, _ context: any ConnectionLoop, _ limits: ServerLimits) {
            self.eventLoop = eventLoop
            self.context = NIOLoopBound(context, eventLoop: eventLoop)
            buffers = NIOLoopBound(TLSBuffers(), eventLoop: eventLoop)
            turn = NIOLoopBound(TLSTurn(eventLoop: eventLoop), eventLoop: eventLoop)
            let queue = HandshakeQueue(
                eventLoop: eventLoop, limit: limits.maxHandshakes, patience: limits.handshakePause)
            handshakes = NIOLoopBound(queue, eventLoop: eventLoop)
        }

        /// Serves a connection once it is its turn; until then nothing is read from it.
        func serve(_ channel: any Channel, _ tls: TLSServerContextProvider, _ timeouts: TLSTimeouts) throws {
            let hasToWait = handshakes.value.isFull
            if hasToWait { try channel.syncOptions?.setOption(.autoRead, value: false) }
            handshakes.value.add { end in
                do {
                    let handler = try TLSServerHandler(
                        context: tls.current, timeouts: timeouts, buffers: buffers.value, turn: turn.value,
                        onHandshakeEnd: end)
                    try channel.pipeline.syncOperations.addHandler(handler)
                    try context.value.addHandlers(to: channel.pipeline.syncOperations, behindTLS: true)
                    if hasToWait { try channel.syncOptions?.setOption(.autoRead, value: true) }
                } catch {
                    end()
                    channel.close(promise: nil)
                }
            }
        }
    }

    /// Where it listens, the port filled in.
    let address: ListenAddress
    private let channel: any Channel
    private let loops: [Loop]

    /// Binds, and serves from then on.
    static func bind(
        _ configuration: Configuration, group: MultiThreadedEventLoopGroup, gate: ConnectionGate
    ) async throws(ServerStartError) -> Listener {
        let limits = configuration.limits
        let address = try resolve(configuration.address)
        do {
            var loops: [Loop] = []
            for (index, eventLoop) in group.makeIterator().enumerated() {
                let loop = try await eventLoop.submit {
                    let context = configuration.makeLoop(eventLoop, index)
                    context.start()
                    return Loop(eventLoop, context, limits)
                }.get()
                loops.append(loop)
            }
            let loopOfEventLoop = Dictionary(uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
            let tls = configuration.tls
            let timeouts = TLSTimeouts(handshake: limits.handshakeTimeout, close: limits.lingerTimeout)
            let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
                low: limits.maxResponseBytesWaiting / 2, high: limits.maxResponseBytesWaiting)
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: limits.backlog)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                // Answers are written whole; waiting for more would only delay them. Accepted connections inherit it.
                .serverChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .serverChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = ConnectionGateHandler(gate) { channel in
                            guard let loop = loopOfEventLoop[ObjectIdentifier(channel.eventLoop)] else {
                                throw ChannelError.inappropriateOperationForState
                            }
                            try channel.syncOptions?.setOption(.writeBufferWaterMark, value: waterMark)
                            if let tls {
                                try loop.serve(channel, tls, timeouts)
                            } else {
                                try loop.context.value.addHandlers(
                                    to: channel.pipeline.syncOperations, behindTLS: false)
                            }
                        }
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .bind(to: address).get()
            return Listener(configuration.address, channel, loops)
        } catch {
            throw ServerStartError(error, at: configuration.address)
        }
    }

    private init(_ requested: ListenAddress, _ channel: any Channel, _ loops: [Loop]) {
        self.channel = channel
        self.loops = loops
        address = ListenAddress(host: requested.host, port: channel.localAddress?.port ?? requested.port)
    }

    private static func resolve(_ address: ListenAddress) throws(ServerStartError) -> SocketAddress {
        if let numeric = try? SocketAddress(ipAddress: address.host, port: address.port) { return numeric }
        guard let resolved = try? SocketAddress.makeAddressResolvingHost(address.host, port: address.port) else {
            throw .unknownHost(address)
        }
        return resolved
    }

    /// Called when it listens no more, for whatever reason.
    func whenClosed(_ action: @escaping @Sendable () -> Void) {
        channel.closeFuture.whenComplete { _ in action() }
    }

    // MARK: Shutting down

    /// Accepts no more connections. Those that are there stay.
    func stopListening() async {
        try? await channel.close()
    }

    /// Closes the connections that are between two requests.
    func closeIdleConnections() async {
        await onEachLoop { $0.closeIdleConnections() }
    }

    /// Closes what is left, and ends the timers.
    func stop() async {
        await onEachLoop {
            $0.closeAllConnections()
            $0.stop()
        }
    }

    private func onEachLoop(_ action: @escaping @Sendable (any ConnectionLoop) -> Void) async {
        for loop in loops {
            let context = loop.context
            try? await loop.eventLoop.submit { action(context.value) }.get()
        }
    }
}

/// What a listener does with one event loop; used on that loop only.
protocol ConnectionLoop: AnyObject {
    func start()
    func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations, behindTLS: Bool) throws
    /// Closes the connections that are between two requests.
    func closeIdleConnections()
    func closeAllConnections()
    /// Ends the timer.
    func stop()
}

extension ServerStartError {
    /// What NIO threw, in words.
    fileprivate init(_ error: any Error, at address: ListenAddress) {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: self = .addressInUse(address)
        case EACCES, EPERM: self = .permissionDenied(address)
        case EADDRNOTAVAIL: self = .addressNotAvailable(address)
        default: self = .failed(address, reason: "\(error)")
        }
    }
}
