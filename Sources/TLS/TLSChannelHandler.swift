package import NIOCore

/// TLS as a channel handler: ciphertext towards the socket, plaintext towards the application. What server and client
/// have in common; use `TLSServerHandler` and `TLSClientHandler`.
///
/// - Plaintext written before the handshake is complete is kept until then. What is flushed at once is encrypted at once
///   and handed to the socket in one buffer; what is flushed during a read, at its end, so that the end of a handshake, a
///   response and a `close_notify` need one system call. With a `TLSTurn`, what arrives once the handshake is complete is
///   sent up when all connections of the event loop have read, and answers are encrypted and leave when all have been served.
/// - Buffers that are sent up are lent from `TLSBuffers`: whoever keeps a small part of one should copy it. Zeros follow
///   the plaintext, see `TLSConnection.read`.
/// - With the channel's `autoRead` off, the handshake reads on its own account, and plaintext that came along with its
///   end is held until the first `read`.
/// - A `close` sends a `close_notify`, waits for what was written to leave and then a moment for the peer's, see
///   `TLSTimeouts`. `close(mode: .output)` sends a `close_notify` and ends this direction.
/// - The peer's `close_notify` closes the connection; if the channel allows remote half-closure it is
///   `ChannelEvent.inputClosed` instead. A connection that ends without one is treated the same: HTTP has its own framing.
/// - While more of a server's waits to leave than the channel's water mark, nothing is read.
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
    /// The channel allows remote half-closure.
    var allowsHalfClosure = false
    /// What has arrived waits for its turn, decrypted.
    var awaitsTurn = false
    var decrypted = ByteBuffer()
    var decryption = TLSStep.incomplete
    /// Somebody has asked for more meanwhile.
    var isReadWantedNext = false
    /// The turn knows that there is something to send.
    var isUnsent = false
    /// Between the first `channelRead` and `channelReadComplete`.
    var isReading = false
    /// For those who flushed what has not been sent yet.
    var outputPromise: EventLoopPromise<Void>?
    /// Somebody up the pipeline waits for data.
    var isReadWanted = false
    /// It is read on once what was sent has left.
    var isReadHeldBack = false
    /// The handshake is complete, and nobody has asked for data yet.
    var isHolding = false
    var isDelivering = false
    var hasDelivered = false
    /// The peer's side has ended.
    var isInputEnded = false
    /// The peer's `close_notify` has been read, and nothing has been done about it yet.
    var isEndPending = false
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
        allowsHalfClosure = (try? options?.getOption(.allowRemoteHalfClosure)) == true
        // Otherwise the channel would be closed in the very read that brought the peer's last data, before its turn.
        if turn != nil { try? options?.setOption(.allowRemoteHalfClosure, value: true) }
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

    func begin(_ context: ChannelHandlerContext) {
        guard phase == .idle else { return }
        phase = .handshaking
        startTimer(context, timeouts.handshake)
        continueHandshake(context)
        // With `autoRead` off nobody else would.
        if phase == .handshaking { context.read() }
    }

    func end() {
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
}
