import NIOCore

/// Has a channel read into the buffer that the connections of its event loop share.
///
/// NIO keeps the first buffer of a channel for good and reuses it, which for a thousand connections means a thousand
/// buffers as large as their largest request. So the first one, for the peer's first words, is small; from then on the
/// allocator names no size, which keeps NIO from pooling, and lends the shared buffer, which the handler gives back once
/// its bytes have been taken. The channel must read one message at a time (`maxMessagesPerRead`).
struct SharedReceiveAllocator: RecvByteBufferAllocator, @unchecked Sendable {
    /// A `ClientHello` is some 300 bytes, or 1,700 with a post-quantum key share.
    static let firstSize = 2_048

    /// Used on the channel's event loop only, as is the allocator: hence unchecked.
    private let buffers: TLSBuffers
    private var hasRead = false

    init(_ buffers: TLSBuffers) {
        self.buffers = buffers
    }

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        guard hasRead else { return allocator.buffer(capacity: Self.firstSize) }
        var buffer = buffers.take(.received)
        buffer.reserveCapacity(TLSBuffers.receiveSize)
        return buffer
    }

    func nextBufferSize() -> Int? { nil }

    mutating func record(actualReadBytes: Int) -> Bool {
        hasRead = true
        // "The next buffer may be larger": do not take the last one again.
        return true
    }
}
