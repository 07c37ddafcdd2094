package import NIOCore

/// What arrives, and how it is handed up.
extension TLSChannelHandler {
    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard phase != .failed, phase != .closed else { return }
        let ciphertext = unwrapInboundIn(data)
        isReading = true
        connection.receive(ciphertext)
        switch phase {
        case .idle: begin(context)
        case .handshaking: continueHandshake(context)
        case .open: if let turn { prepare(turn) } else { deliver(context) }
        case .closing: discard(context)
        case .failed, .closed: break
        }
        // Unless it is the channel's own, and once OpenSSL has all of it.
        if ciphertext.capacity >= TLSBuffers.receiveSize, connection.isInputTaken {
            buffers.giveBack(ciphertext, .received)
        }
    }

    /// Decrypts what there is, for when it is this connection's turn.
    private func prepare(_ turn: TLSTurn) {
        guard !isHolding, !isInputEnded else { return }
        if !awaitsTurn {
            awaitsTurn = true
            decrypted = buffers.take(.plaintext)
            decryption = .incomplete
            turn.add(self)
        }
        if decryption == .incomplete { decryption = connection.read(into: &decrypted) }
    }

    /// Called by the turn, or before, by an event that cannot wait.
    func takeTurn() {
        guard awaitsTurn, let context else { return }
        awaitsTurn = false
        let plaintext = decrypted
        decrypted = ByteBuffer()
        if phase == .open {
            sendUp(context, plaintext, decryption)
        } else if phase == .closing, decryption != .incomplete {
            isInputEnded = true
            finishClosingIfDone(context)
        }
        completeRead(context)
        if isReadWantedNext {
            isReadWantedNext = false
            isReadWanted = true
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        if !awaitsTurn { completeRead(context) }
    }

    private func completeRead(_ context: ChannelHandlerContext) {
        isReading = false
        sendOutputSoon(context, nil)
        let isMoreNeeded = phase == .open ? isReadWanted && !hasDelivered : phase != .closed
        announceDelivery(context)
        context.fireChannelReadComplete()
        announceEnd(context)
        if isMoreNeeded { readOn(context) }
    }

    /// Reads, unless what a server has sent before does not leave: OpenSSL answers by itself what a client asks of TLS, new keys
    /// for one (RFC 8446, section 4.6.3), and one that reads nothing would have the answers pile up here. A client does read,
    /// or both would wait for each other.
    func readOn(_ context: ChannelHandlerContext) {
        isReadHeldBack = connection.isServer && !context.channel.isWritable
        if !isReadHeldBack { context.read() }
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isReadHeldBack { readOn(context) }
        context.fireChannelWritabilityChanged()
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed = event else {
            context.fireUserInboundEventTriggered(event)
            return
        }
        takeTurn()
        switch phase {
        case .handshaking:
            fail(context, .closedDuringHandshake)
        case .closing, .failed:
            isInputEnded = true
            finishClosingIfDone(context)
        case .open:
            // The last plaintext comes first, whether or not it was asked for.
            isHolding = false
            deliver(context)
            announceEnd(context)
            guard phase == .open, !isInputEnded else { return }
            isInputEnded = true
            endInput(context)
        case .idle, .closed:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func continueHandshake(_ context: ChannelHandlerContext) {
        let step = connection.handshake()
        switch step {
        case .incomplete:
            sendOutputSoon(context, nil)
        case .complete:
            phase = .open
            isHolding = !isReadWanted && !((try? context.channel.syncOptions?.getOption(.autoRead)) ?? false)
            stopTimer()
            sendOutputSoon(context, nil)
            context.fireUserInboundEventTriggered(connection.session)
            if phase == .open { encryptFlushed(context) }
            deliver(context)
        case .failed(let error):
            fail(context, error)
        }
    }

    /// Decrypts what there is and sends it up as one buffer.
    func deliver(_ context: ChannelHandlerContext) {
        guard phase == .open, !isHolding, !isDelivering, !isInputEnded else { return }
        var plaintext = buffers.take(.plaintext)
        let step = connection.read(into: &plaintext)
        sendUp(context, plaintext, step)
    }

    private func sendUp(_ context: ChannelHandlerContext, _ plaintext: consuming ByteBuffer, _ step: TLSStep) {
        isDelivering = true
        if case .complete = step {
            isInputEnded = true
            isEndPending = true
        }
        if plaintext.readableBytes > 0 {
            hasDelivered = true
            context.fireChannelRead(wrapInboundOut(plaintext))
        }
        buffers.giveBack(plaintext, .plaintext)
        isDelivering = false
        // Whoever got the data may have closed the channel.
        guard case .failed(let error) = step, phase == .open else { return }
        // The one failure after which an answer to what came before can still be encrypted.
        if error == .renegotiationRefused { encryptFlushed(context) }
        fail(context, error)
    }

    /// Passes on that the peer has ended its side, or closes. Not before the end of the read, when answers to the last
    /// data have been flushed.
    private func announceEnd(_ context: ChannelHandlerContext) {
        guard isEndPending, phase == .open else { return }
        isEndPending = false
        endInput(context)
    }

    private func endInput(_ context: ChannelHandlerContext) {
        if allowsHalfClosure {
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        } else {
            startClosing(context, nil)
        }
    }

    /// Forgets what was delivered since the last time; true if there was anything.
    @discardableResult
    private func announceDelivery(_ context: ChannelHandlerContext) -> Bool {
        guard hasDelivered else { return false }
        hasDelivered = false
        isReadWanted = false
        return true
    }

    package func read(context: ChannelHandlerContext) {
        guard !awaitsTurn else {
            // Registered with the channel at once: taking it back and asking again would be two system calls. So one read
            // more than was asked for can arrive behind what is still to be served.
            isReadWantedNext = true
            readOn(context)
            return
        }
        isReadWanted = true
        isHolding = false
        // What came along with the end of the handshake before anybody asked for it.
        if phase == .open, !isDelivering, connection.hasInput {
            deliver(context)
            if announceDelivery(context) { context.fireChannelReadComplete() }
            announceEnd(context)
        }
        readOn(context)
    }
}
