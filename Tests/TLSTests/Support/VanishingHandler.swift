import NIOCore
import NIOPosix
import TLS

/// Between the socket and TLS: lets so many bytes out and then closes the socket without a word.
final class VanishingHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Sent down the pipeline: vanish now.
    struct Vanish {}

    private var allowance: Int

    init(after allowance: Int) { self.allowance = allowance }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        var bytes = unwrapOutboundIn(data)
        guard bytes.readableBytes >= allowance else {
            allowance -= bytes.readableBytes
            context.write(data, promise: promise)
            return
        }
        let last = bytes.readSlice(length: allowance) ?? ByteBuffer()
        context.writeAndFlush(wrapOutboundOut(last), promise: nil)
        promise?.fail(ChannelError.ioOnClosedChannel)
        context.close(promise: nil)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        promise?.succeed(())
        if event is Vanish { context.close(promise: nil) }
    }
}
