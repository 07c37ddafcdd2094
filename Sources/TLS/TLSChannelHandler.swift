package import NIOCore

/// TLS as a channel handler: ciphertext towards the socket, plaintext towards the application. What server and client
/// have in common; use `TLSServerHandler` and `TLSClientHandler`.
///
/// - Plaintext written before the handshake is complete is kept until then. What is flushed at once is encrypted at once
///   and handed to the socket in one buffer; what is flushed during a read, at its end, so that the end of a handshake, a
///   response and a `close_notify` need one system call. With a `TLSTurn`, what arrives once the handshake is complete is
///   sent up when all connections of the event loop have read, and answers leave when all have been served.
/// - Buffers that are sent up are lent from `TLSBuffers`: whoever keeps a small part of one should copy it. Zeros follow
///   the plaintext, see `TLSConnection.read`.
/// - With the channel's `autoRead` off, the handshake reads on its own account, and plaintext that came along with its
///   end is held until the first `read`.
/// - A `close` sends a `close_notify`, waits for what was written to leave and then a moment for the peer's, see
///   `TLSTimeouts`. `close(mode: .output)` sends a `close_notify` and ends this direction.
/// - The peer's `close_notify` closes the connection; if the channel allows remote half-closure it is
///   `ChannelEvent.inputClosed` instead. A connection that ends without one is treated the same: HTTP has its own framing.
/// - A failure is sent up as a `TLSError`, an alert is sent to the peer, and the connection is closed.
package class TLSChannelHandler: ChannelDuplexHandler, NIOScheduledCallbackHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    enum Phase {
        /// The channel is not active yet.
        case idle
        case handshaking
        case open
        /// `close_notify` is on its way; what the peer still sends is decrypted for its `close_notify`.
        case closing
        /// The connection has failed; what the peer still sends is thrown away.
        case failed
        case closed
    }

    let connection: TLSConnection
    let timeouts: TLSTimeouts
    var phase = Phase.idle {
        didSet {
            guard phase != .handshaking, let onHandshakeEnd else { return }
            self.onHandshakeEnd = nil
            onHandshakeEnd()
        }
    }
    var onHandshakeEnd: (() -> Void)?
    var pending = PendingWrites()
    let buffers: TLSBuffers
    let turn: TLSTurn?
    /// What has arrived waits for its turn, decrypted.
    private var awaitsTurn = false
    private var decrypted = ByteBuffer()
    private var decryption = TLSStep.incomplete
    /// Somebody has asked for more meanwhile.
    private var isReadWantedNext = false
    /// The turn knows that there is something to send.
    var isUnsent = false
    /// Between the first `channelRead` and `channelReadComplete`.
    private(set) var isReading = false
    /// For those who flushed what has not been sent yet.
    var outputPromise: EventLoopPromise<Void>?
    /// Somebody up the pipeline waits for data.
    private var isReadWanted = false
    /// The handshake is complete, and nobody has asked for data yet.
    private var isHolding = false
    private var isDelivering = false
    private var hasDelivered = false
    /// The peer's side has ended.
    var isInputEnded = false
    /// The peer's `close_notify` has been read, and nothing has been done about it yet.
    private var isEndPending = false
    /// Our `close_notify` has been made.
    var isOutputEnded = false
    /// Everything including our `close_notify` has left.
    var isOutputFlushed = false
    private(set) var context: ChannelHandlerContext?
    private var timer: NIOScheduledCallback?
    var closePromise: EventLoopPromise<Void>?

    init(_ connection: TLSConnection, _ timeouts: TLSTimeouts, turn: TLSTurn? = nil) {
        self.connection = connection
        self.turn = turn
        self.buffers = connection.buffers
        self.timeouts = timeouts
    }

    // MARK: Life of the channel

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let options = context.channel.syncOptions
        try? options?.setOption(.maxMessagesPerRead, value: 1)
        try? options?.setOption(.recvAllocator, value: SharedReceiveAllocator(buffers))
        guard context.channel.isActive else { return }
        // Whether somebody asked for data before this handler was there cannot be known.
        isReadWanted = true
        begin(context)
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        end()
        self.context = nil
    }

    package func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        begin(context)
    }

    package func channelInactive(context: ChannelHandlerContext) {
        takeTurn()
        if phase == .handshaking { context.fireErrorCaught(TLSError.closedDuringHandshake) }
        if phase == .open {
            // Nobody can ask for it any more.
            isHolding = false
            deliver(context)
        }
        end()
        context.fireChannelInactive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard phase == .idle else { return }
        phase = .handshaking
        startTimer(context, timeouts.handshake)
        continueHandshake(context)
        // With `autoRead` off nobody else would.
        if phase == .handshaking { context.read() }
    }

    private func end() {
        phase = .closed
        stopTimer()
        pending.fail(ChannelError.ioOnClosedChannel)
        outputPromise?.fail(ChannelError.ioOnClosedChannel)
        outputPromise = nil
        closePromise?.succeed(())
        closePromise = nil
    }

    // MARK: Time

    /// Starts the time for the present phase, in place of another.
    func startTimer(_ context: ChannelHandlerContext, _ delay: TimeAmount) {
        stopTimer()
        // Fails only when the event loop is shutting down, and its connections with it.
        timer = try? context.eventLoop.assumeIsolated().scheduleCallback(in: delay, handler: self)
    }

    func stopTimer() {
        timer?.cancel()
        timer = nil
    }

    package func handleScheduledCallback(eventLoop: some EventLoop) {
        timer = nil
        guard let context else { return }
        switch phase {
        case .handshaking: fail(context, .handshakeTimedOut)
        case .closing, .failed: finishClosing(context)
        case .idle, .open, .closed: break
        }
    }

    // MARK: In

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
        if isMoreNeeded { context.read() }
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
            context.fireUserInboundEventTriggered(event)
        case .idle, .closed:
            context.fireUserInboundEventTriggered(event)
        }
    }

    private func continueHandshake(_ context: ChannelHandlerContext) {
        let step = connection.handshake()
        switch step {
        case .incomplete:
            sendOutputSoon(context, nil)
        case .complete:
            phase = .open
            isHolding = !isReadWanted && !isSet(.autoRead, context)
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
    private func deliver(_ context: ChannelHandlerContext) {
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
        if case .failed(let error) = step, phase == .open { fail(context, error) }
    }

    /// Passes on that the peer has ended its side, or closes. Not before the end of the read, when answers to the last
    /// data have been flushed.
    private func announceEnd(_ context: ChannelHandlerContext) {
        guard isEndPending, phase == .open else { return }
        isEndPending = false
        if isSet(.allowRemoteHalfClosure, context) {
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        } else {
            startClosing(context, nil)
        }
    }

    private func isSet<Option: ChannelOption>(_ option: Option, _ context: ChannelHandlerContext) -> Bool
    where Option.Value == Bool {
        (try? context.channel.syncOptions?.getOption(option)) == true
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
            context.read()
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
        context.read()
    }
}
