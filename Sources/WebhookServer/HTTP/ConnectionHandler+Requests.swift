import NIOCore

/// From the bytes that have arrived to a complete request.
extension ConnectionHandler {
    /// What goes on after a step of the reader.
    enum Next {
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

    /// Keeps what is not served yet. It may lie in a buffer that all connections of the event loop use in turn, and far
    /// larger than a part of a head.
    private func keep(_ bytes: consuming ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        var room = 0
        if phase == .readingBody, case .length(let length) = request?.framing {
            // For the rest, up to a point: a length that was only announced costs nothing.
            room = min(max(0, length - bytes.readableBytes), LoopContext.retainedBodyCapacity) + reviewBodyPadding
        }
        if bytes.storageCapacity > 4 * (bytes.readableBytes + room) {
            inbox = ByteBufferAllocator().buffer(capacity: bytes.readableBytes + room)
            inbox.writeImmutableBuffer(bytes)
        } else {
            inbox = bytes
            inbox.discardReadBytes()
            inbox.reserveCapacity(minimumWritableBytes: room)
        }
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
    func hold(_ count: Int) -> Bool {
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

    private func tooLarge(found: String) -> Refusal {
        Refusal(413, "\(found); a body may have \(loop.limits.maxBodyBytes) bytes")
    }

    private var overloaded: Refusal {
        Refusal(
            503, "too many requests are being read; try again in \(loop.limits.retryAfterSeconds) s",
            retryAfterSeconds: loop.limits.retryAfterSeconds)
    }
}
