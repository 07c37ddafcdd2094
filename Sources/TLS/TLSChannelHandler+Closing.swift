import NIOCore

/// The end of a connection.
extension TLSChannelHandler {
    /// Sends a `close_notify` and ends this direction; the other one stays open.
    func endOutput(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        // What was flushed before may wait for the end of the turn.
        if phase == .open { encryptFlushed(context) }
        guard phase == .open, !isOutputEnded else {
            context.close(mode: .output, promise: promise)
            return
        }
        pending.fail(ChannelError.outputClosed)
        sendCloseNotify(context, promise)
    }

    /// Closes in good order: `close_notify`, then a wait for the peer's.
    func startClosing(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        if phase == .open { encryptFlushed(context) }
        switch phase {
        case .idle, .handshaking, .closed:
            phase = .closed
            context.close(promise: promise)
        case .closing, .failed:
            closePromise = PendingWrites.joined(closePromise, promise)
        case .open:
            phase = .closing
            closePromise = promise
            pending.fail(ChannelError.ioOnClosedChannel)
            startTimer(context, timeouts.close)
            if isOutputEnded { finishClosingIfDone(context) } else { sendCloseNotify(context, nil) }
            if connection.hasInput { discard(context) }
        }
    }

    /// Closes after a failure: an alert, if OpenSSL has made one, then a wait for the peer to have read it.
    func fail(_ context: ChannelHandlerContext, _ error: TLSError) {
        guard phase != .closed, phase != .failed else { return }
        phase = .failed
        isOutputEnded = true
        pending.fail(error)
        sendOutput(context)
        context.fireErrorCaught(error)
        if error == .handshakeTimedOut || error == .closedDuringHandshake {
            // There is no alert, and this peer has been waited for long enough.
            finishClosing(context)
        } else {
            startTimer(context, timeouts.close)
            endChannelOutput(context, nil)
        }
    }

    /// Decrypts and drops what the peer still sends, up to its `close_notify`.
    func discard(_ context: ChannelHandlerContext) {
        guard phase == .closing else { return }
        var dropped = ByteBuffer()
        if connection.read(into: &dropped) != .incomplete {
            isInputEnded = true
            finishClosingIfDone(context)
        }
    }

    /// Closes for good when both sides have ended, or else goes on waiting for the peer.
    func finishClosingIfDone(_ context: ChannelHandlerContext) {
        guard phase == .closing || phase == .failed else { return }
        if !isInputEnded {
            readOn(context)
        } else if isOutputFlushed {
            finishClosing(context)
        }
    }

    /// Closes for good. The promises of those who asked for it are kept when the channel says that it is closed.
    func finishClosing(_ context: ChannelHandlerContext) {
        guard phase == .closing || phase == .failed else { return }
        phase = .closed
        stopTimer()
        context.close(promise: nil)
    }

    private func sendCloseNotify(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        isOutputEnded = true
        // Whether the peer has ended its side too is known already, and a failure to say goodbye changes nothing.
        _ = connection.shutdown()
        sendOutput(context)
        endChannelOutput(context, promise)
    }

    /// Ends the channel's output, which it does once everything has left.
    private func endChannelOutput(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        let ended = promise ?? context.eventLoop.makePromise(of: Void.self)
        ended.futureResult.assumeIsolated().whenComplete { [self] result in
            isOutputFlushed = true
            // After a failure there is nothing left to wait for.
            if case .failure = result { isInputEnded = true }
            finishClosingIfDone(context)
        }
        context.close(mode: .output, promise: ended)
    }
}
