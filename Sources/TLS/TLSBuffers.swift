import NIOCore

/// Memory that the connections of one event loop use in turn, so that none of them keeps buffers between two uses.
///
/// Not thread-safe: it belongs to one event loop. What is taken out is the taker's until it is given back, and may still
/// be held by others then: it is only used again once it is nobody else's.
package final class TLSBuffers {
    /// What a buffer is kept for.
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

    /// Buffers of a kind that are kept: about as many connections as are ready at once when a processor is busy.
    static let retainedCount = 16

    private var received: [ByteBuffer] = []
    private var plaintext: [ByteBuffer] = []
    private var output: [ByteBuffer] = []

    package init() {}

    /// An empty buffer.
    func take(_ use: Use) -> ByteBuffer {
        var taken: ByteBuffer?
        switch use {
        case .received: taken = received.popLast()
        case .plaintext: taken = plaintext.popLast()
        case .output: taken = output.popLast()
        }
        guard var buffer = taken else { return ByteBuffer() }
        taken = nil
        // Lets go of it if somebody still holds it: a large one of its size would have each small answer that does not leave
        // hold as much.
        buffer.clear(minimumCapacity: 0)
        return buffer
    }

    func giveBack(_ buffer: consuming ByteBuffer, _ use: Use) {
        guard buffer.storageCapacity <= Self.retainedCapacity else { return }
        switch use {
        case .received: if received.count < Self.retainedCount { received.append(buffer) }
        case .plaintext: if plaintext.count < Self.retainedCount { plaintext.append(buffer) }
        case .output: if output.count < Self.retainedCount { output.append(buffer) }
        }
    }
}
