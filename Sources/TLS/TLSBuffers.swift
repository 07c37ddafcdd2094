import NIOCore

/// Memory that the connections of one event loop use in turn, so that none of them keeps buffers between two uses.
///
/// Not thread-safe: it belongs to one event loop. What is taken out is the taker's until it is given back, and may still
/// be held by others then: it is only used again once it is nobody else's.
package final class TLSBuffers {
    /// What a buffer is kept for. As many as there are, buffers are kept.
    enum Use {
        /// Ciphertext from the socket.
        case received
        /// What has been decrypted.
        case plaintext
        /// Ciphertext for the socket.
        case output
    }

    /// Bytes that are read from a socket at a time: an ordinary review, of up to 30 KB, needs one system call.
    package static let receiveSize = 64 * 1_024
    /// A larger buffer is let go of instead of being kept: a long answer or a large review has grown it.
    static let retainedCapacity = 2 * receiveSize

    private var received: ByteBuffer?
    private var plaintext: ByteBuffer?
    private var output: ByteBuffer?

    package init() {}

    /// An empty buffer.
    func take(_ use: Use) -> ByteBuffer {
        var taken: ByteBuffer?
        switch use {
        case .received: swap(&taken, &received)
        case .plaintext: swap(&taken, &plaintext)
        case .output: swap(&taken, &output)
        }
        guard var buffer = taken else { return ByteBuffer() }
        taken = nil
        // Makes another one of the same size if somebody still holds this one.
        buffer.clear()
        return buffer
    }

    func giveBack(_ buffer: consuming ByteBuffer, _ use: Use) {
        guard buffer.storageCapacity <= Self.retainedCapacity else { return }
        switch use {
        case .received: received = buffer
        case .plaintext: plaintext = buffer
        case .output: output = buffer
        }
    }
}
