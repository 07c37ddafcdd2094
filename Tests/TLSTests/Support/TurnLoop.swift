import NIOCore
import NIOEmbedded
import TLS

/// An event loop with a clock of its own, and server connections that share a turn on it: `a`, `b` and so on.
final class TurnLoop {
    let log = TurnLog()
    private(set) var connections: [TurnConnection] = []
    private let eventLoop = EmbeddedEventLoop()

    /// A connection, with its handshake done, for each service; the service takes so many microseconds.
    init(_ server: TLSServerContext, _ client: TLSClientContext, _ services: [Int64]) throws {
        let turn = TLSTurn(eventLoop: eventLoop)
        for (index, time) in services.enumerated() {
            let name = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(index)))
            let service = ServiceHandler(name, log)
            service.time = .microseconds(time)
            connections.append(try TurnConnection(name, service, server, client, turn, eventLoop, log))
        }
        log.text = ""
    }

    /// Does what the event loop has to do now.
    func run() {
        eventLoop.run()
    }

    func finish() {
        for connection in connections { connection.finish() }
        eventLoop.run()
    }
}

/// What the connections have done, a letter each.
final class TurnLog {
    var text = ""
}

/// A server connection on an embedded event loop, and its client.
final class TurnConnection {
    let name: String
    let service: ServiceHandler
    private let channel: EmbeddedChannel
    private let peer: TLSConnection

    fileprivate init(
        _ name: String, _ service: ServiceHandler, _ server: TLSServerContext, _ client: TLSClientContext,
        _ turn: TLSTurn,
        _ eventLoop: EmbeddedEventLoop, _ log: TurnLog
    ) throws {
        self.name = name
        self.service = service
        peer = try TLSConnection(client, serverName: "localhost")
        channel = EmbeddedChannel(
            handlers: [
                SocketHandler(name.uppercased(), log), try TLSServerHandler(context: server, turn: turn), service,
            ], loop: eventLoop)
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        guard peer.handshake() == .incomplete else { throw TestFailure("the client's hello") }
        try channel.writeInbound(peer.takeOutput())
        try takeSent()
        guard peer.handshake() == .complete else { throw TestFailure("the server's hello") }
        try channel.writeInbound(peer.takeOutput())
        _ = try answer()
    }

    /// Sends something from the client.
    func ask(_ text: String) throws {
        guard peer.write(ByteBuffer(string: text)) == .complete else { throw TestFailure("the client cannot write") }
        try channel.writeInbound(peer.takeOutput())
    }

    /// Has the server write without having been asked.
    func write(_ text: String) {
        channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }

    /// What the client has received since the last time.
    func answer() throws -> String {
        try takeSent()
        var plaintext = ByteBuffer()
        if case .failed(let error) = peer.read(into: &plaintext) { throw error }
        return String(buffer: plaintext)
    }

    /// What the client has received, which the server has ended in good order.
    func lastAnswer() throws -> String {
        try takeSent()
        var plaintext = ByteBuffer()
        guard peer.read(into: &plaintext) == .complete else { throw TestFailure("no close_notify") }
        return String(buffer: plaintext)
    }

    /// The client has closed its socket without another word.
    func endInput() {
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }

    private func takeSent() throws {
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { peer.receive(bytes) }
    }

    fileprivate func finish() {
        _ = try? channel.finish()
    }
}

/// In the place of the socket: writes down what is sent and, if it is told to, what is received.
final class SocketHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private let name: String
    private let log: TurnLog
    private let logsReads: Bool

    init(_ name: String, _ log: TurnLog, logsReads: Bool = false) {
        self.name = name
        self.log = log
        self.logsReads = logsReads
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if logsReads { log.text += "r" }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        log.text += name
        context.write(data, promise: promise)
    }
}

/// Sends back what it gets, and takes its time.
final class ServiceHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let name: String
    private let log: TurnLog
    /// What goes by on the clock of the embedded event loop.
    var time = TimeAmount.zero
    /// Done with each request.
    var onRequest: () -> Void = {}
    /// Done once each has been answered.
    var onAnswered: (ChannelHandlerContext) -> Void = { _ in }

    init(_ name: String, _ log: TurnLog) {
        self.name = name
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        log.text += name
        onRequest()
        if time > .zero { (context.eventLoop as? EmbeddedEventLoop)?.advanceTime(by: time) }
        context.writeAndFlush(data, promise: nil)
        onAnswered(context)
    }
}
