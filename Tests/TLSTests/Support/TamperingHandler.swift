import NIOCore
import Synchronization

/// What is done to the bytes of a client on their way to the socket.
enum Tampering: Sendable {
    case nothing
    /// Each byte is written by itself.
    case everyByte
    /// So many bytes leave, and the others a moment later.
    case pause(after: Int)
    /// So many bytes leave, and then nothing more, while the connection stays open.
    case silence(after: Int)
    /// So many bytes leave, then bytes that mean nothing, and then nothing more.
    case garbage(after: Int)
}

/// Between the socket and TLS.
final class TamperingHandler: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How many bytes TLS has made.
    final class Count: Sendable {
        private let count = Atomic(0)

        var value: Int { count.load(ordering: .acquiring) }

        fileprivate func add(_ number: Int) { count.add(number, ordering: .releasing) }
    }

    private static let garbage = ByteBuffer(repeating: 0xA5, count: 300)

    private let tampering: Tampering
    private let count: Count
    /// How many bytes may still leave untouched.
    private var allowance: Int
    /// What waits for the end of a pause.
    private var held: ByteBuffer?
    private var hasPaused = false

    init(_ tampering: Tampering, _ count: Count = Count()) {
        self.tampering = tampering
        self.count = count
        switch tampering {
        case .nothing, .everyByte: allowance = .max
        case .pause(let allowed), .silence(let allowed), .garbage(let allowed): allowance = allowed
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var bytes = unwrapOutboundIn(data)
        count.add(bytes.readableBytes)
        if case .everyByte = tampering {
            while let byte = bytes.readSlice(length: 1) { send(context, byte) }
            promise?.succeed(())
            return
        }
        if let first = bytes.readSlice(length: min(allowance, bytes.readableBytes)), first.readableBytes > 0 {
            allowance -= first.readableBytes
            send(context, first)
        }
        promise?.succeed(())
        guard bytes.readableBytes > 0 else { return }
        switch tampering {
        case .nothing, .everyByte, .silence: break
        case .garbage:
            if !hasPaused { send(context, Self.garbage) }
            hasPaused = true
        case .pause: pause(context, bytes)
        }
    }

    private func pause(_ context: ChannelHandlerContext, _ bytes: ByteBuffer) {
        held.setOrWriteImmutableBuffer(bytes)
        guard !hasPaused else { return }
        hasPaused = true
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) { [self] in
            allowance = .max
            if let rest = held { send(context, rest) }
            held = nil
        }
    }

    private func send(_ context: ChannelHandlerContext, _ bytes: ByteBuffer) {
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
}
