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
        try await TestClient(address, autoRead: autoRead, allowHalfClosure: allowHalfClosure) { pipeline in
            try pipeline.addHandler(TLSClientHandler(context: context, serverName: serverName))
        }
    }

    /// Connects and speaks whatever it is told to.
    static func connectPlain(_ address: SocketAddress) async throws -> TestClient {
        try await TestClient(address, autoRead: true, allowHalfClosure: false) { _ in }
    }

    private init(
        _ address: SocketAddress, autoRead: Bool, allowHalfClosure: Bool,
        _ prepare: @escaping @Sendable (ChannelPipeline.SynchronousOperations) throws -> Void
    ) async throws {
        let log = ConnectionLog()
        let received = Received()
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: autoRead)
            .channelOption(.allowRemoteHalfClosure, value: allowHalfClosure)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try prepare(pipeline)
                    try pipeline.addHandler(ReceivingHandler(log, received))
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

    init(_ log: ConnectionLog, _ received: Received) {
        self.log = log
        self.received = received
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let data = unwrapInboundIn(data)
        received.bytes.withLock { _ = $0.writeImmutableBuffer(data) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let completed = event as? TLSHandshakeCompleted { log.completed(completed) }
        if case ChannelEvent.inputClosed = event { received.isInputClosed.store(true, ordering: .releasing) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        log.failed(error)
    }
}
