import NIOCore
import NIOEmbedded
import TLS

/// A client and a server handler joined without sockets, so that a test decides how the bytes between them arrive.
final class EmbeddedPair {
    let server = EmbeddedChannel()
    let client = EmbeddedChannel()
    let serverLog = ConnectionLog()
    let clientLog = ConnectionLog()
    /// How many bytes went each way.
    private(set) var toServer = 0
    private(set) var toClient = 0

    init(
        _ serverContext: TLSServerContext, _ clientContext: TLSClientContext, serverName: String = "localhost"
    ) throws {
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        try server.pipeline.syncOperations.addHandlers(
            TLSServerHandler(context: serverContext), EventHandler(serverLog))
        try client.pipeline.syncOperations.addHandlers(
            TLSClientHandler(context: clientContext, serverName: serverName), EventHandler(clientLog))
        server.connect(to: address, promise: nil)
        client.connect(to: address, promise: nil)
    }

    /// Carries bytes both ways until there are none. The stream of each direction arrives in pieces, the first of which
    /// ends at `start`.
    func exchange(piece: Int = .max, start: Int = 0) throws {
        while true {
            let isMoved = try [
                carry(from: client, to: server, &toServer, piece, start),
                carry(from: server, to: client, &toClient, piece, start),
            ].contains(true)
            if !isMoved { return }
        }
    }

    private func carry(
        from source: EmbeddedChannel, to target: EmbeddedChannel, _ offset: inout Int, _ piece: Int, _ start: Int
    ) throws -> Bool {
        guard var bytes = try source.readOutbound(as: ByteBuffer.self) else { return false }
        while bytes.readableBytes > 0 {
            let limit = offset < start ? start - offset : piece - (offset - start) % piece
            let count = min(limit, bytes.readableBytes)
            offset += count
            guard let next = bytes.readSlice(length: count), target.isActive else { break }
            try target.writeInbound(next)
        }
        return true
    }

    /// Closes what is open and has the pipelines taken apart, which would hold on to each other for ever.
    func finish() {
        for channel in [server, client] {
            _ = try? channel.finish()
            channel.embeddedEventLoop.run()
        }
    }
}

extension EmbeddedChannel {
    /// All plaintext that has come up, as text.
    func receivedText() throws -> String {
        var text = ""
        while let buffer = try readInbound(as: ByteBuffer.self) { text += String(buffer: buffer) }
        return text
    }
}

/// A promise of an embedded channel, and what it failed with.
struct FailureBox {
    let promise: EventLoopPromise<Void>
    private let box: NIOLoopBoundBox<(any Error)?>

    var error: (any Error)? { box.value }

    init(_ channel: EmbeddedChannel) {
        promise = channel.eventLoop.makePromise(of: Void.self)
        let box = NIOLoopBoundBox<(any Error)?>(nil, eventLoop: channel.eventLoop)
        promise.futureResult.whenFailure { box.value = $0 }
        self.box = box
    }
}

private final class EventHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let log: ConnectionLog

    init(_ log: ConnectionLog) { self.log = log }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let completed = event as? TLSHandshakeCompleted { log.completed(completed) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        log.failed(error)
    }
}
