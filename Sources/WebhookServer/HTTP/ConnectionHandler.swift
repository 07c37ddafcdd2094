import NIOCore
import NIOHTTP1
import TLS

/// Serves the requests of one connection, one after the other: checks the head, collects the body, and answers within the
/// same turn of the event loop, so that answers are in order and nothing is queued.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// For the first byte of a request.
        case waiting
        case readingHead
        case readingBody
        /// The last response has been sent, and the client has not yet ended its side.
        case closing
    }

    private struct Request {
        var route: Route?
        /// The body is read and dropped before this is said.
        var refusal: Refusal?
        let isLast: Bool
        let isHead: Bool
        let started: NIODeadline
        var bodyBytes = 0
    }

    private let loop: LoopContext
    private var context: ChannelHandlerContext?
    private var phase = Phase.waiting
    private var request: Request?
    private var body = ByteBuffer()
    /// Bytes of `body` that are counted in the budget: none of a body that arrives at once.
    private var heldBytes = 0
    private var hasServed = false
    /// The TLS handler has a timer of its own for this.
    private var isHandshaking: Bool

    // RequestFramerDelegate and TimedConnection.
    private(set) var nextBody: BodyFraming?
    private(set) var deadline = NIODeadline.distantFuture
    var slot = 0

    init(loop: LoopContext, awaitsHandshake: Bool) {
        self.loop = loop
        isHandshaking = awaitsHandshake
    }

    // MARK: Life of the connection

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if !isHandshaking { deadline = .now() + loop.limits.idleTimeout }
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        forgetBody()
        loop.remove(self)
        self.context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSHandshakeCompleted {
            isHandshaking = false
            deadline = .now() + loop.limits.idleTimeout
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if phase == .waiting {
            let timeout = context.channel.isWritable ? loop.limits.idleTimeout : loop.limits.writeStallTimeout
            deadline = .now() + timeout
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else {
            loop.service.connectionFailed(error, duringHandshake: isHandshaking)
            context.close(promise: nil)
            return
        }
        // A connection that ends in the middle of a message is an error to the parser, and nobody is left to tell.
        guard phase != .closing, context.channel.isActive else { return }
        let refusal =
            error == .headerOverflow
            ? Refusal(431, "the header fields are too many or too long")
            : Refusal(400, "the request is not valid HTTP/1.1: \(error)")
        refuse(refusal)
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .closing else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(let part): collect(part)
        case .end: finish()
        }
    }

    private func begin(_ parsed: HTTPRequestHead) {
        let started = NIODeadline.now()
        let head: RequestHead
        do {
            head = try RequestHead(parsed)
        } catch {
            request = Request(isLast: true, isHead: parsed.method == .HEAD, started: started)
            refuse(error)
            return
        }
        var request = Request(isLast: !head.isKeepAlive, isHead: head.method == .HEAD, started: started)
        do {
            request.route = try loop.service.route(head)
            try checkSize(head.framing)
        } catch {
            request.refusal = error
            self.request = request
            guard canDiscardBody(of: head) else {
                refuse(error)
                return
            }
        }
        self.request = request
        nextBody = head.framing
        guard head.framing != .empty else { return }
        phase = .readingBody
        deadline = started + loop.limits.bodyTimeout
        if head.expectsContinue {
            write(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n"))
        }
    }

    /// Refuses a body before any of it is kept.
    private func checkSize(_ framing: BodyFraming) throws(Refusal) {
        guard case .length(let length) = framing else { return }
        guard length <= loop.limits.maxBodyBytes else { throw tooLarge(found: "Content-Length is \(length)") }
        guard loop.budget.hasRoom(for: length) else { throw overloaded }
    }

    private func canDiscardBody(of head: RequestHead) -> Bool {
        switch head.framing {
        case .empty: true
        case .length(let length): length <= loop.limits.maxDiscardedBodyBytes && !head.expectsContinue
        case .chunked: false
        }
    }

    private func collect(_ part: ByteBuffer) {
        var part = part
        guard request?.refusal == nil else { return }
        request?.bodyBytes += part.readableBytes
        let count = body.readableBytes + part.readableBytes
        guard count <= loop.limits.maxBodyBytes else {
            refuse(tooLarge(found: "the body is longer"))
            return
        }
        if case .length(let length) = nextBody, count == length, body.readableBytes == 0 {
            // All at once: it is gone again before anybody else is served.
        } else {
            guard loop.budget.take(part.readableBytes) else {
                refuse(overloaded)
                return
            }
            heldBytes += part.readableBytes
        }
        if body.readableBytes == 0 { body = loop.takeBodyBuffer() }
        body.writeBuffer(&part)
    }

    private func finish() {
        guard let request else { return }
        guard request.refusal == nil, let route = request.route else {
            if let refusal = request.refusal { loop.response.set(refusal) }
            send(isLast: request.isLast)
            return
        }
        loop.response.reset()
        let count = body.readableBytes
        body.writeRepeatingByte(0, count: reviewBodyPadding)
        body.withUnsafeReadableBytes { bytes in
            loop.service.answer(
                route, body: UnsafeRawBufferPointer(rebasing: bytes[..<count]), response: &loop.response)
        }
        forgetBody()
        send(isLast: request.isLast)
        if count > loop.limits.largeBodyBytes { loop.service.releaseMemory() }
    }

    /// Answers before the request is complete, and closes.
    private func refuse(_ refusal: Refusal) {
        forgetBody()
        if request == nil { request = Request(isLast: true, isHead: false, started: .now()) }
        request?.refusal = refusal
        loop.response.set(refusal)
        send(isLast: true)
    }

    private func forgetBody() {
        loop.budget.giveBack(heldBytes)
        heldBytes = 0
        guard body.capacity > 0 else { return }
        let buffer = body
        body = ByteBuffer()
        loop.giveBack(buffer)
    }

    // MARK: Responses

    /// Sends `loop.response`.
    private func send(isLast: Bool) {
        guard let request else { return }
        self.request = nil
        let isLast = isLast || loop.shutdown.isDraining
        hasServed = true
        phase = isLast ? .closing : .waiting
        if isLast { nextBody = nil }
        // Before the write, which may find that the connection is gone.
        deadline = .distantFuture
        write(loop.formatResponse(isLast: isLast, omitsBody: request.isHead))
        let now = NIODeadline.now()
        let isStalled = context.map { !$0.channel.isWritable } ?? false
        let timeout = isLast ? loop.limits.lingerTimeout : loop.limits.idleTimeout
        deadline = now + (isStalled ? loop.limits.writeStallTimeout : timeout)
        if isLast { context?.close(mode: .output, promise: nil) }
        loop.service.didAnswer(
            Exchange(
                route: request.route, status: loop.response.status, bodyBytes: request.bodyBytes,
                duration: now - request.started, refusal: request.refusal))
    }

    private func write(_ buffer: ByteBuffer) {
        context?.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    private func tooLarge(found: String) -> Refusal {
        Refusal(413, "\(found); a body may have \(loop.limits.maxBodyBytes) bytes")
    }

    private var overloaded: Refusal {
        Refusal(
            503, "too many requests are being read; try again in \(loop.limits.retryAfterSeconds) s",
            retryAfterSeconds: loop.limits.retryAfterSeconds)
    }
}

extension ConnectionHandler: RequestFramerDelegate {
    func headIsIncomplete() {
        guard phase == .waiting else { return }
        phase = .readingHead
        deadline = .now() + loop.limits.headTimeout
    }

    func headIsMalformed(_ fault: HeadFault) {
        guard phase != .closing else { return }
        refuse(fault.refusal)
    }
}

extension ConnectionHandler: TimedConnection {
    func deadlineHasPassed() {
        switch phase {
        case .readingHead:
            refuse(Refusal(408, "the head of the request took longer than \(seconds(loop.limits.headTimeout))"))
        case .readingBody:
            refuse(Refusal(408, "the body of the request took longer than \(seconds(loop.limits.bodyTimeout))"))
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
