import Glibc
import NIOCore
import NIOPosix
import TLS

/// A TLS server on a port of 127.0.0.1, and what has happened to its connections.
final class TestServer: Sendable {
    /// What the server does with plaintext.
    enum Service: Sendable {
        /// Sends everything back, and stops reading while too little of it leaves.
        case echo
        /// Answers the end of an HTTP request head with a body of this size, and closes.
        case http(bodySize: Int)
        /// Takes everything and never says a word.
        case silent

        static let http = Service.http(bodySize: 3)
    }

    let context: TLSServerContext
    let log = ConnectionLog()
    private let channel: any Channel

    /// What the service `http` sends.
    static let answer = answer(bodySize: 3)

    fileprivate static func answer(bodySize: Int) -> String {
        "HTTP/1.1 200 OK\r\nContent-Length: \(bodySize)\r\nConnection: close\r\n\r\n"
            + String(repeating: "k", count: bodySize - 1) + "\n"
    }

    let port: Int
    var address: SocketAddress {
        get throws { try SocketAddress(ipAddress: "127.0.0.1", port: port) }
    }

    convenience init(
        _ configuration: TLSServerConfiguration, _ service: Service = .http, timeouts: TLSTimeouts = TLSTimeouts(),
        allowHalfClosure: Bool = false
    ) async throws {
        try await self.init(
            TLSServerContext(configuration), service, timeouts: timeouts, allowHalfClosure: allowHalfClosure)
    }

    init(
        _ context: TLSServerContext, _ service: Service = .http, timeouts: TLSTimeouts = TLSTimeouts(),
        allowHalfClosure: Bool = false
    ) async throws {
        self.context = context
        let log = log
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 64)
            .childChannelOption(.allowRemoteHalfClosure, value: allowHalfClosure)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    log.opened(channel)
                    if case .silent = service {
                        // Its clients may not read, and need not be given megabytes by the kernel to show that.
                        try channel.syncOptions?.setOption(.socketOption(.so_sndbuf), value: 16_384)
                    }
                    let pipeline = channel.pipeline.syncOperations
                    let turn = TLSTurn(eventLoop: channel.eventLoop)
                    try pipeline.addHandler(TLSServerHandler(context: context, timeouts: timeouts, turn: turn))
                    switch service {
                    case .echo: try pipeline.addHandler(EchoHandler())
                    case .http(let size): try pipeline.addHandler(AnswerHandler(bodySize: size))
                    case .silent: break
                    }
                    try pipeline.addHandler(LogHandler(log))
                }
            }
        (channel, port) = try await Self.bind(bootstrap)
    }

    /// Binds to a port below those that the kernel gives to outgoing connections, of which other tests make thousands: a
    /// socket with this port is the server's or one of its clients'.
    private static func bind(_ bootstrap: ServerBootstrap) async throws -> (any Channel, Int) {
        while true {
            let port = Int.random(in: 10_000..<32_768)
            do {
                return (try await bootstrap.bind(host: "127.0.0.1", port: port).get(), port)
            } catch let error as IOError where error.errnoCode == EADDRINUSE {
                // Another one, then.
            }
        }
    }

    /// Stops listening and waits until every connection is gone, socket and `SSL` both.
    func stop() async throws {
        try await channel.close()
        for connection in log.channels { try await connection.closeFuture.get() }
        try await eventually { context.liveConnectionCount == 0 }
    }
}

private final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.write(data, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        _ = context.channel.setOption(.autoRead, value: context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }
}

private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var request = ""
    private let bodySize: Int

    init(bodySize: Int) { self.bodySize = bodySize }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        request += String(buffer: unwrapInboundIn(data))
        guard request.hasSuffix("\r\n\r\n") else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: TestServer.answer(bodySize: bodySize))), promise: nil)
        context.close(promise: nil)
    }
}

private final class LogHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let log: ConnectionLog

    init(_ log: ConnectionLog) { self.log = log }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let completed = event as? TLSHandshakeCompleted { log.completed(completed) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        log.failed(error)
    }
}
