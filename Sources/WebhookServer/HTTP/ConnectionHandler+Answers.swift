import NIOCore

/// From a complete request to its response, at once or later.
extension ConnectionHandler {
    /// Answers a complete request whose body, unless it came in chunks, lies in the unread bytes.
    func finish(_ unread: UnsafeRawBufferPointer, _ range: Range<Int>, in buffer: ByteBuffer) -> Next {
        guard let request else { return .step }
        guard let route = request.route else {
            if let refusal { loop.response.set(refusal) }
            send(isLast: request.isLast)
            return .step
        }
        loop.response.reset()
        let count: Int
        let step: ServiceStep
        if request.framing == .chunked || range.upperBound < unread.count || !buffer.hasZeros(reviewBodyPadding) {
            // Not followed by zeros: collected, or moved to where it is.
            if request.framing != .chunked { body = loop.takeBodyBuffer() }
            body.reserveCapacity(minimumWritableBytes: range.count + reviewBodyPadding)
            body.writeBytes(unread[range])
            count = body.readableBytes
            body.writeRepeatingByte(0, count: reviewBodyPadding)
            step = body.withUnsafeReadableBytes {
                answer(request, route, UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
        } else {
            count = range.count
            step = answer(request, route, UnsafeRawBufferPointer(rebasing: unread[range]))
        }
        self.request?.bodyBytes = count
        if case .later(let start) = step { return .answer(start, body: range) }
        forgetBody()
        hasServedLargeBody = count > loop.limits.largeBodyBytes
        send(isLast: request.isLast)
        return .step
    }

    private func answer(_ request: Request, _ route: Route, _ body: UnsafeRawBufferPointer) -> ServiceStep {
        loop.service.answer(
            ServiceRequest(route: route, body: body, deadline: request.deadline), response: &loop.response)
    }

    /// The body for a late answer, with memory of its own: the collected one, or what is in place.
    func detach(_ bytes: ByteBuffer, from start: Int, _ range: Range<Int>) -> PaddedBody {
        guard body.readableBytes > 0 else {
            return PaddedBody(bytes, (start + range.lowerBound)..<(start + range.upperBound))
        }
        let buffer = body
        body = ByteBuffer()
        return PaddedBody(buffer, buffer.readerIndex..<(buffer.writerIndex - reviewBodyPadding))
    }

    func waitForAnswer(_ start: (LateAnswer) -> Void, _ body: PaddedBody) {
        guard let request else { return }
        // A body that came at once is held from now on.
        guard hold(request.bodyBytes - heldBytes) else { return }
        phase = .deciding
        deadline = request.deadline
        let answer = LateAnswer(body, deadline: request.deadline, eventLoop: loop.eventLoop, connection: self)
        lateAnswer = answer
        start(answer)
    }

    /// The client has waited as long as it will.
    func lateAnswerIsOverdue() {
        guard phase == .deciding, let lateAnswer else { return }
        lateAnswer.cancel()
        let refusal = Refusal(
            503, "the review was not decided in time; try again", retryAfterSeconds: loop.limits.retryAfterSeconds)
        self.refusal = refusal
        loop.response.set(refusal)
        sendLate()
    }

    /// Sends `loop.response`, for which the connection has waited, and goes on with what has arrived meanwhile.
    func sendLate() {
        guard phase == .deciding, let request else { return }
        lateAnswer = nil
        forgetBody()
        send(isLast: request.isLast)
        if request.bodyBytes > loop.limits.largeBodyBytes { loop.service.releaseMemory() }
        goOn()
    }

    /// Answers before the request is complete, and closes.
    func refuse(_ refusal: Refusal) {
        guard phase != .closing else { return }
        forgetBody()
        if request == nil { request = Request(started: .now(), deadline: .now()) }
        self.refusal = refusal
        loop.response.set(refusal)
        send(isLast: true)
    }

    /// Sends `loop.response`.
    private func send(isLast: Bool) {
        guard let request else { return }
        self.request = nil
        let refusal = refusal
        if refusal != nil { self.refusal = nil }
        let isLast = isLast || loop.shutdown.isDraining
        hasServed = true
        phase = isLast ? .closing : .waiting
        // Before the write, which may find that the connection is gone.
        deadline = .distantFuture
        write(loop.formatResponse(isLast: isLast, omitsBody: request.isHead))
        if isLast { endOutput() }
        let now = NIODeadline.now()
        let timeout = isLast ? loop.limits.lingerTimeout : loop.limits.idleTimeout
        deadline = now + (isWritable ? timeout : loop.limits.writeStallTimeout)
        loop.service.didAnswer(
            Exchange(
                route: request.route, status: loop.response.status, bodyBytes: request.bodyBytes,
                duration: now - request.started, refusal: refusal))
    }
}
