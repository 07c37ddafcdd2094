import NIOCore

/// Cuts what arrives into messages, so that the HTTP parser behind it sees one at a time.
///
/// It stands before the parser for three reasons: bytes that parsers read differently are refused before any of them does
/// (`HeadScanner`); the limit on a head is exact; and the next message can be held back, which the parser, once it has the
/// bytes, cannot do. Where a body ends is decided by whoever has the parsed head, see `RequestFramerDelegate`.
final class RequestFramer: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case head(HeadScanner)
        /// So many bytes of the body are still to come.
        case body(Int)
        /// Until the connection ends: it is not used for another message.
        case chunked
        case closed
    }

    private let limits: ServerLimits
    private let delegate: any RequestFramerDelegate
    private var state: State
    /// What has arrived and not been passed on.
    private var pending = ByteBuffer()
    /// The client does not read its responses, so nothing more is read from it.
    private var isHeldBack = false
    private var isReadWanted = false

    init(limits: ServerLimits, delegate: any RequestFramerDelegate) {
        self.limits = limits
        self.delegate = delegate
        self.state = .head(HeadScanner(maxBytes: limits.maxHeadBytes, maxFields: limits.maxHeaderFields))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .closed = state { return }
        var data = unwrapInboundIn(data)
        if pending.readableBytes == 0 {
            pending = data
        } else {
            pending.writeBuffer(&data)
        }
        passOn(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, isHeldBack {
            isHeldBack = false
            passOn(context)
            if !isHeldBack, isReadWanted {
                isReadWanted = false
                context.read()
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func read(context: ChannelHandlerContext) {
        if isHeldBack {
            isReadWanted = true
        } else {
            context.read()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        state = .closed
        pending = ByteBuffer()
        context.fireChannelInactive()
    }

    private func passOn(_ context: ChannelHandlerContext) {
        while pending.readableBytes > 0 {
            switch state {
            case .head(var scanner):
                guard context.channel.isWritable else {
                    isHeldBack = true
                    return
                }
                let step = pending.withUnsafeReadableBytes { scanner.scan($0) }
                switch step {
                case .incomplete:
                    state = .head(scanner)
                    delegate.headIsIncomplete()
                    return
                case .malformed(let fault):
                    close()
                    delegate.headIsMalformed(fault)
                    return
                case .complete(let skipped, let length):
                    pending.moveReaderIndex(forwardBy: skipped)
                    guard let head = pending.readSlice(length: length) else { return }
                    // If the parser refuses the head there is no framing.
                    state = .closed
                    context.fireChannelRead(wrapInboundOut(head))
                    beginBody()
                }
            case .body(let missing):
                guard let part = pending.readSlice(length: min(missing, pending.readableBytes)) else { return }
                let left = missing - part.readableBytes
                state = left == 0 ? newHead : .body(left)
                context.fireChannelRead(wrapInboundOut(part))
                checkOpen()
            case .chunked:
                let part = pending
                pending = ByteBuffer()
                context.fireChannelRead(wrapInboundOut(part))
                checkOpen()
            case .closed:
                close()
                return
            }
        }
        // Lets go of the memory of what was passed on.
        pending = ByteBuffer()
    }

    private var newHead: State {
        .head(HeadScanner(maxBytes: limits.maxHeadBytes, maxFields: limits.maxHeaderFields))
    }

    private func beginBody() {
        switch delegate.nextBody {
        case .empty: state = newHead
        case .length(let length): state = .body(length)
        case .chunked: state = .chunked
        case nil: close()
        }
    }

    /// The delegate may have ended the connection while it had the part.
    private func checkOpen() {
        if delegate.nextBody == nil { close() }
    }

    private func close() {
        state = .closed
        pending = ByteBuffer()
    }
}

/// Whoever gets the parsed messages.
protocol RequestFramerDelegate: AnyObject {
    /// The framing of the message whose head came last; nothing once the connection takes no more messages.
    var nextBody: BodyFraming? { get }
    /// A part of a head has arrived.
    func headIsIncomplete()
    /// Nothing more will be passed on.
    func headIsMalformed(_ fault: HeadFault)
}
