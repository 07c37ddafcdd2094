import NIOCore

/// From the bytes that have arrived to the response.
extension ConnectionHandler {
    /// What goes on after a step of the reader.
    private enum Next {
        case step
        case bytes
        /// The service needs time for the body at this place.
        case answer((LateAnswer) -> Void, body: Range<Int>)
    }

    /// Serves as many requests as have arrived.
    func serve() {
        guard !isServing, phase != .deciding, phase != .closing else { return }
        isServing = true
        // Local while it is read from, so that nothing that is called meanwhile can change it.
        var bytes = inbox
        inbox = ByteBuffer()
        serving: while phase != .closing, phase != .deciding {
            if inbox.readableBytes > 0 { bytes.writeBuffer(&inbox) }
            if reader.isInHead, bytes.readableBytes > 0, !isWritable {
                isHeldBack = true
                break
            }
            pad(&bytes)
            var used = 0
            let next = bytes.withVeryUnsafeBytes { storage in
                let unread = UnsafeRawBufferPointer(rebasing: storage[bytes.readerIndex..<bytes.writerIndex])
                return self.step(unread, &used, in: bytes)
            }
            let start = bytes.readerIndex
            bytes.moveReaderIndex(forwardBy: used)
            switch next {
            case .step: break
            case .bytes: if inbox.readableBytes == 0 { break serving }
            case .answer(let action, let range): waitForAnswer(action, detach(bytes, from: start, range))
            }
            if hasServedLargeBody {
                bytes = ByteBuffer(buffer: bytes)
                hasServedLargeBody = false
                loop.service.releaseMemory()
            }
        }
        isServing = false
        if phase != .closing { keep(bytes) }
    }

    /// Zero bytes after a complete body, where it lies. TLS leaves them there, and then nothing is written.
    private func pad(_ bytes: inout ByteBuffer) {
        guard phase == .readingBody, refusal == nil, case .length(let length) = request?.framing,
            bytes.readableBytes == length, !bytes.hasZeros(reviewBodyPadding)
        else { return }
        bytes.setRepeatingByte(0, count: reviewBodyPadding, at: bytes.writerIndex)
    }

    private func keep(_ bytes: consuming ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        inbox = bytes
        inbox.discardReadBytes()
        guard phase == .readingBody, case .length(let length) = request?.framing else { return }
        // Room for the rest, up to a point: a length that was only announced costs nothing.
        let missing = min(length - inbox.readableBytes, LoopContext.retainedBodyCapacity)
        inbox.reserveCapacity(minimumWritableBytes: missing + reviewBodyPadding)
    }

    /// One step of the reader, over everything that is unread.
    private func step(_ unread: UnsafeRawBufferPointer, _ used: inout Int, in buffer: ByteBuffer) -> Next {
        do throws(RequestFault) {
            switch try reader.next(unread) {
            case .incomplete(let count):
                used = count
                waitForMore(unread.count - count)
                return .bytes
            case .head(let head):
                used = head.length
                begin(head)
            case .part(let range):
                used = range.upperBound
                collect(UnsafeRawBufferPointer(rebasing: unread[range]))
            case .complete(let range):
                used = range.upperBound
                return finish(unread, range, in: buffer)
            }
        } catch {
            if request == nil { request = Request(isHead: reader.isHead, started: .now(), deadline: .now()) }
            refuse(error.refusal)
        }
        return .step
    }

    // MARK: Heads

    private func begin(_ head: RequestHead) {
        let started = NIODeadline.now()
        var request = Request(
            framing: head.framing, isLast: !head.isKeepAlive, isHead: head.method == .head, started: started,
            deadline: started + timeout(of: head))
        do throws(Refusal) {
            request.route = try loop.service.route(head)
            try checkSize(head.framing)
            self.request = request
            reader.accept()
        } catch {
            request.route = nil
            self.request = request
            guard canDropBody(of: head) else {
                refuse(error)
                return
            }
            refusal = error
            reader.drop()
        }
        guard head.framing != .empty else { return }
        phase = .readingBody
        deadline = started + loop.limits.bodyTimeout
        if head.expectsContinue { write(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n")) }
    }

    private func timeout(of head: RequestHead) -> TimeAmount {
        let wanted = head.parameter("timeout").flatMap { GoDuration.nanoseconds($0) } ?? 0
        return wanted > 0 ? min(.nanoseconds(wanted), loop.limits.maxAnswerTimeout) : loop.limits.defaultAnswerTimeout
    }

    /// Refuses a body before any of it is kept.
    private func checkSize(_ framing: BodyFraming) throws(Refusal) {
        guard case .length(let length) = framing else { return }
        guard length <= loop.limits.maxBodyBytes else { throw tooLarge(found: "Content-Length is \(length)") }
        guard loop.budget.hasRoom(for: length) else { throw overloaded }
    }

    private func canDropBody(of head: RequestHead) -> Bool {
        switch head.framing {
        case .empty: true
        case .length(let length): length <= loop.limits.maxDiscardedBodyBytes && !head.expectsContinue
        case .chunked: false
        }
    }

    // MARK: Bodies

    /// `count` bytes have arrived and are not enough.
    private func waitForMore(_ count: Int) {
        if phase == .waiting, count > 0 {
            phase = .readingHead
            deadline = .now() + loop.limits.headTimeout
        } else if phase == .readingBody, refusal == nil, case .length = request?.framing {
            hold(count - heldBytes)
        }
    }

    /// Keeps a part of a chunked body.
    private func collect(_ part: UnsafeRawBufferPointer) {
        guard body.readableBytes + part.count <= loop.limits.maxBodyBytes else {
            refuse(tooLarge(found: "the body is longer"))
            return
        }
        guard hold(part.count) else { return }
        if body.readableBytes == 0 { body = loop.takeBodyBuffer() }
        body.writeBytes(part)
    }

    @discardableResult
    private func hold(_ count: Int) -> Bool {
        guard count > 0 else { return true }
        guard loop.budget.take(count) else {
            refuse(overloaded)
            return false
        }
        heldBytes += count
        request?.bodyBytes = heldBytes
        return true
    }

    func forgetBody() {
        if heldBytes > 0 {
            loop.budget.giveBack(heldBytes)
            heldBytes = 0
        }
        guard body.capacity > 0 else { return }
        let buffer = body
        body = ByteBuffer()
        loop.giveBack(buffer)
    }

    // MARK: Answers

    /// Answers a complete request whose body, unless it came in chunks, lies in the unread bytes.
    private func finish(_ unread: UnsafeRawBufferPointer, _ range: Range<Int>, in buffer: ByteBuffer) -> Next {
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
    private func detach(_ bytes: ByteBuffer, from start: Int, _ range: Range<Int>) -> PaddedBody {
        guard body.readableBytes > 0 else {
            return PaddedBody(bytes, (start + range.lowerBound)..<(start + range.upperBound))
        }
        let buffer = body
        body = ByteBuffer()
        return PaddedBody(buffer, buffer.readerIndex..<(buffer.writerIndex - reviewBodyPadding))
    }

    private func waitForAnswer(_ start: (LateAnswer) -> Void, _ body: PaddedBody) {
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
        let now = NIODeadline.now()
        let timeout = isLast ? loop.limits.lingerTimeout : loop.limits.idleTimeout
        deadline = now + (isWritable ? timeout : loop.limits.writeStallTimeout)
        if isLast { endOutput() }
        loop.service.didAnswer(
            Exchange(
                route: request.route, status: loop.response.status, bodyBytes: request.bodyBytes,
                duration: now - request.started, refusal: refusal))
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
