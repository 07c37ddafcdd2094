import NIOCore
import NIOPosix
import Synchronization
import TLS

/// A client on a real socket, with TLS or without.
final class TestClient: Sendable {
    let channel: any Channel
    let log: ConnectionLog
    private let received: Received

    /// Connects and speaks TLS.
    static func connect(
        _ address: SocketAddress, _ context: TLSClientContext, serverName: String = "localhost", autoRead: Bool = true,
        allowHalfClosure: Bool = false
    ) async throws -> TestClient {
        try await TestClient(address, autoRead: autoRead, allowHalfClosure: allowHalfClosure) { channel in
            try channel.pipeline.syncOperations.addHandler(TLSClientHandler(context: context, serverName: serverName))
        }
    }

    /// Connects and speaks TLS, but only until so many bytes of it have been sent, or so many of plaintext received; with
    /// `reset` the socket is closed by a reset.
    static func connectVanishing(
        _ address: SocketAddress, _ context: TLSClientContext, after count: Int = .max, receiving received: Int = .max,
        reset: Bool
    ) async throws -> TestClient {
        try await TestClient(address, autoRead: true, allowHalfClosure: false, vanishingAfter: received) { channel in
            if reset {
                // On, and for no time at all. Made of its bytes, since its members are not visible in every build.
                let atOnce = unsafeBitCast((Int32(1), Int32(0)), to: NIOLinger.self)
                (channel as? any SocketOptionProvider)?.setSoLinger(atOnce).whenComplete { _ in }
            }
            try channel.pipeline.syncOperations.addHandlers(
                VanishingHandler(after: count), TLSClientHandler(context: context, serverName: "localhost"))
        }
    }

    /// Connects and speaks TLS, with something done to its bytes.
    static func connect(
        _ address: SocketAddress, _ context: TLSClientContext, tampering: Tampering,
        _ count: TamperingHandler.Count = TamperingHandler.Count()
    ) async throws -> TestClient {
        try await TestClient(address, autoRead: true, allowHalfClosure: false) { channel in
            try channel.pipeline.syncOperations.addHandlers(
                TamperingHandler(tampering, count), TLSClientHandler(context: context, serverName: "localhost"))
        }
    }

    /// Connects and speaks whatever it is told to.
    static func connectPlain(_ address: SocketAddress) async throws -> TestClient {
        try await TestClient(address, autoRead: true, allowHalfClosure: false) { _ in }
    }

    private init(
        _ address: SocketAddress, autoRead: Bool, allowHalfClosure: Bool, vanishingAfter limit: Int = .max,
        _ prepare: @escaping @Sendable (any Channel) throws -> Void
    ) async throws {
        let log = ConnectionLog()
        let received = Received()
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: autoRead)
            .channelOption(.allowRemoteHalfClosure, value: allowHalfClosure)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel)
                    try channel.pipeline.syncOperations.addHandler(ReceivingHandler(log, received, limit))
                }
            }
            .connect(to: address).get()
        self.log = log
        self.received = received
    }

    var receivedCount: Int { received.bytes.withLock { $0.readableBytes } }
    var receivedText: String { received.bytes.withLock { String(buffer: $0) } }
    var receivedBytes: ByteBuffer { received.bytes.withLock { $0 } }
    var isInputClosed: Bool { received.isInputClosed.load(ordering: .acquiring) }
    var isClosed: Bool { !channel.isActive }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// Sends, and closes the socket before anything else can happen.
    func sendAndVanish(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
            .flatMap { [channel] in channel.triggerUserOutboundEvent(VanishingHandler.Vanish()) }.get()
    }

    func close() async throws {
        try await channel.close()
    }
}

private final class Received: Sendable {
    let bytes = Mutex(ByteBuffer())
    let isInputClosed = Atomic(false)
}

private final class ReceivingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let log: ConnectionLog
    private let received: Received
    /// How much is received before the client vanishes.
    private let limit: Int

    init(_ log: ConnectionLog, _ received: Received, _ limit: Int) {
        self.log = log
        self.received = received
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let data = unwrapInboundIn(data)
        let count = received.bytes.withLock {
            $0.writeImmutableBuffer(data)
            return $0.readableBytes
        }
        if count >= limit { context.triggerUserOutboundEvent(VanishingHandler.Vanish(), promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let completed = event as? TLSHandshakeCompleted { log.completed(completed) }
        if case ChannelEvent.inputClosed = event { received.isInputClosed.store(true, ordering: .releasing) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        log.failed(error)
    }
}
