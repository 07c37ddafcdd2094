import Glibc
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

/// How many descriptors of this process are sockets with this local port. Other tests run at the same time, so that
/// a count of all descriptors would say nothing.
func socketCount(localPort: Int) -> Int {
    (0..<Int32(getdtablesize()).clamped(to: 4_096)).count { descriptor in
        var address = sockaddr_in()
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isNamed = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { getsockname(descriptor, $0.baseAddress, &length) == 0 }
        }
        return isNamed && address.sin_family == AF_INET && Int(UInt16(bigEndian: address.sin_port)) == localPort
    }
}

extension Int32 {
    fileprivate func clamped(to limit: Int32) -> Int32 { Swift.min(self, limit) }
}
