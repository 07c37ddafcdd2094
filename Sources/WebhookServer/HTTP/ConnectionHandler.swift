import NIOCore
import TLS

/// Serves the requests of one connection, one after the other. An answer is made within the same turn of the event loop,
/// or the connection waits for it: answers are in order, and nothing is queued.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        /// For the first byte of a request.
        case waiting
        case readingHead
        case readingBody
        /// For a `LateAnswer`.
        case deciding
        /// The last response has been sent, and the client has not yet ended its side.
        case closing
    }

    /// The request that is being read or decided.
    struct Request {
        /// Nothing if it is refused, once its body has been read and dropped.
        var route: Route?
        var framing = BodyFraming.empty
        var isLast = true
        var isHead = false
        var started: NIODeadline
        /// When the client gives up.
        var deadline: NIODeadline
        var bodyBytes = 0
    }

    let loop: LoopContext
    private(set) var context: ChannelHandlerContext?
    var phase = Phase.waiting
    var reader: RequestReader
    /// What has arrived and was not read.
    var inbox = ByteBuffer()
    var isServing = false
    /// The client does not read its responses, so its next request has to wait.
    var isHeldBack = false
    private var isReadWanted = false

    var request: Request?
    /// What is said to the request once it has been read.
    var refusal: Refusal?
    var lateAnswer: LateAnswer?
    /// The body of a chunked request.
    var body = ByteBuffer()
    /// Bytes of a body that are counted in the budget: none of one that arrives at once.
    var heldBytes = 0
    /// A large body has come and gone, and its memory may.
    var hasServedLargeBody = false
    var hasServed = false
    /// The TLS handler has a timer of its own for this.
    private var isHandshaking: Bool

    // TimedConnection.
    var deadline = NIODeadline.distantFuture
    var slot = 0

    init(loop: LoopContext, awaitsHandshake: Bool) {
        self.loop = loop
        isHandshaking = awaitsHandshake
        reader = RequestReader(maxHeadBytes: loop.limits.maxHeadBytes, maxFields: loop.limits.maxHeaderFields)
    }

    // MARK: Life of the connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if !isHandshaking { deadline = .now() + loop.firstRequestTimeout }
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        abandon()
        loop.remove(self)
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        abandon()
        context.fireChannelInactive()
    }

    /// Nobody is left to be answered.
    private func abandon() {
        phase = .closing
        deadline = .distantFuture
        inbox = ByteBuffer()
        forgetBody()
        let answer = lateAnswer
        lateAnswer = nil
        answer?.cancel()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSHandshakeCompleted {
            isHandshaking = false
            deadline = .now() + loop.firstRequestTimeout
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        loop.service.connectionFailed(error, duringHandshake: isHandshaking)
        context.close(promise: nil)
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .closing else { return }
        var data = unwrapInboundIn(data)
        if inbox.readableBytes == 0 {
            inbox = data
        } else {
            inbox.writeBuffer(&data)
        }
        serve()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        if phase == .waiting {
            deadline = .now() + (isWritable ? loop.limits.idleTimeout : loop.limits.writeStallTimeout)
        }
        if isWritable, isHeldBack {
            isHeldBack = false
            goOn()
        }
        context.fireChannelWritabilityChanged()
    }

    func read(context: ChannelHandlerContext) {
        if isHeldBack || phase == .deciding {
            isReadWanted = true
        } else {
            context.read()
        }
    }

    /// Serves what has arrived while it had to wait, and then reads again.
    func goOn() {
        serve()
        if isReadWanted, !isHeldBack, phase != .deciding {
            isReadWanted = false
            context?.read()
        }
    }

    // MARK: Out

    func write(_ buffer: ByteBuffer) {
        context?.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    func endOutput() {
        context?.close(mode: .output, promise: nil)
    }

    var isWritable: Bool { context?.channel.isWritable ?? false }
}

extension ConnectionHandler: TimedConnection {
    func deadlineHasPassed() {
        switch phase {
        case .readingHead:
            refuse(Refusal(408, "the head of the request took longer than \(seconds(loop.limits.headTimeout))"))
        case .readingBody:
            refuse(Refusal(408, "the body of the request took longer than \(seconds(loop.limits.bodyTimeout))"))
        case .deciding:
            lateAnswerIsOverdue()
        case .waiting, .closing:
            closeNow()
        }
    }

    func closeIfIdle() {
        guard phase == .waiting else { return }
        if hasServed {
            closeNow()
        } else {
            // Its first request may be on its way.
            deadline = min(deadline, .now() + loop.limits.lingerTimeout)
        }
    }

    func closeNow() {
        deadline = .distantFuture
        context?.close(promise: nil)
    }

    private func seconds(_ amount: TimeAmount) -> String {
        "\(Double(amount.nanoseconds / 1_000_000) / 1_000) s"
    }
}
