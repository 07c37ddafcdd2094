package import NIOCore

/// What is written, and how it leaves.
extension TLSChannelHandler {
    /// Output that does not wait for the end of a read.
    private static let maxWaitingOutput = 64 * 1_024

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isOutputEnded, phase != .closed, phase != .failed else {
            promise?.fail(phase == .open ? ChannelError.outputClosed : ChannelError.ioOnClosedChannel)
            return
        }
        pending.append(unwrapOutboundIn(data), promise)
    }

    package func flush(context: ChannelHandlerContext) {
        pending.flush()
        guard phase == .open else { return }
        // The first answer of a turn is encrypted when all connections have been served. More of one connection, or a large
        // one, would pile up.
        if let turn, turn.isRunning, !isUnsent, pending.count <= Self.maxWaitingOutput {
            isUnsent = true
            turn.addUnsent(self)
        } else {
            encryptFlushed(context)
        }
    }

    func encryptFlushed(_ context: ChannelHandlerContext) {
        var promise: EventLoopPromise<Void>?
        while let batch = pending.nextBatch() {
            promise = PendingWrites.joined(promise, batch.promise)
            if case .failed(let error) = connection.write(batch.plaintext) {
                promise?.fail(error)
                fail(context, error)
                return
            }
        }
        sendOutputSoon(context, promise)
    }

    /// Sends what the connection has made: at once, at the end of a read, or with what the others have made.
    func sendOutputSoon(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        outputPromise = PendingWrites.joined(outputPromise, promise)
        if connection.outputCount > Self.maxWaitingOutput {
            sendOutput(context)
        } else if let turn, turn.isRunning {
            guard !isUnsent else { return }
            isUnsent = true
            turn.addUnsent(self)
        } else if !isReading {
            sendOutput(context)
        }
    }

    /// Called by the turn.
    func sendWaiting() {
        guard let context else { return }
        if phase == .open { encryptFlushed(context) }
        isUnsent = false
        sendOutput(context)
    }

    /// Sends whatever the connection has made, in one buffer.
    func sendOutput(_ context: ChannelHandlerContext) {
        let promise = outputPromise
        outputPromise = nil
        guard connection.outputCount > 0 else {
            promise?.succeed(())
            return
        }
        let output = connection.takeOutput()
        context.writeAndFlush(wrapOutboundOut(output), promise: promise)
        buffers.giveBack(output, .output)
    }

    package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        switch mode {
        case .input: context.close(mode: .input, promise: promise)
        case .output: endOutput(context, promise)
        case .all: startClosing(context, promise)
        }
    }
}
