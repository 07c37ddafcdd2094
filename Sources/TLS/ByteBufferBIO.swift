import NIOCore
internal import COpenSSL

/// A BIO between an `SSL` and two byte buffers: the ciphertext that has come in and that has to go out.
///
/// OpenSSL's own memory BIO would copy every byte once more each way. This one reads from the buffer the channel
/// received and writes into the buffer the channel will send.
final class ByteBufferBIO {
    let pointer: OpaquePointer
    private let buffers: TLSBuffers
    private var inbound = ByteBuffer()
    /// Without memory while it is empty.
    private var outbound = ByteBuffer()

    init(_ buffers: TLSBuffers) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        guard let method = Self.method, let pointer = BIO_new(method) else {
            throw OpenSSLErrorQueue.libraryError("BIO_new")
        }
        self.pointer = pointer
        self.buffers = buffers
        BIO_set_data(pointer, Unmanaged.passUnretained(self).toOpaque())
        BIO_set_init(pointer, 1)
    }

    deinit {
        // Whoever still holds a reference to the BIO finds it empty instead of a dangling address.
        BIO_set_data(pointer, nil)
        BIO_free(pointer)
    }

    /// Bytes that came in and that OpenSSL has not taken.
    var inboundCount: Int { inbound.readableBytes }

    /// Bytes that wait for being sent.
    var outboundCount: Int { outbound.readableBytes }

    /// Adds ciphertext from the peer.
    func receive(_ ciphertext: ByteBuffer) {
        if inbound.readableBytes == 0 {
            inbound = ciphertext
        } else {
            inbound.writeImmutableBuffer(ciphertext)
        }
    }

    /// Makes room, so that the buffer does not grow record by record.
    func reserveOutbound(_ count: Int) {
        if outbound.readableBytes == 0 { outbound = buffers.take(.output) }
        outbound.reserveCapacity(minimumWritableBytes: count)
    }

    /// Takes everything that has to be sent.
    func takeOutbound() -> ByteBuffer {
        let taken = outbound
        outbound = ByteBuffer()
        return taken
    }

    // MARK: What OpenSSL calls

    private func read(into destination: UnsafeMutableRawBufferPointer) -> Int {
        let count = inbound.readWithUnsafeReadableBytes { source in
            let count = min(source.count, destination.count)
            destination.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<count]))
            return count
        }
        // Lets go of the channel's buffer, which it may then use again.
        if inbound.readableBytes == 0 { inbound = ByteBuffer() }
        return count
    }

    private func write(_ source: UnsafeRawBufferPointer) {
        if outbound.readableBytes == 0 && outbound.capacity == 0 { outbound = buffers.take(.output) }
        outbound.writeBytes(source)
    }

    private static func of(_ bio: OpaquePointer?) -> ByteBufferBIO? {
        BIO_get_data(bio).map { Unmanaged<ByteBufferBIO>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Made once and never changed or freed, so it can be shared by all threads.
    private nonisolated(unsafe) static let method: OpaquePointer? = {
        let index = BIO_get_new_index()
        guard index != -1, let method = BIO_meth_new(index | BIO_TYPE_SOURCE_SINK, "ByteBuffer") else { return nil }
        BIO_meth_set_read_ex(method) { bio, destination, capacity, count in
            COpenSSL_BIO_clear_retry_flags(bio)
            let room = UnsafeMutableRawBufferPointer(start: destination, count: capacity)
            let filled = ByteBufferBIO.of(bio)?.read(into: room) ?? 0
            count?.pointee = filled
            // No bytes means "not yet": the end of the stream is the channel's to see, not OpenSSL's.
            if filled == 0 { COpenSSL_BIO_set_retry_read(bio) }
            return filled > 0 ? 1 : 0
        }
        BIO_meth_set_write_ex(method) { bio, source, available, count in
            COpenSSL_BIO_clear_retry_flags(bio)
            guard let storage = ByteBufferBIO.of(bio) else { return 0 }
            storage.write(UnsafeRawBufferPointer(start: source, count: available))
            count?.pointee = available
            return 1
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in
            // Nothing is held back, so a flush always succeeds. Everything else is not supported.
            command == BIO_CTRL_FLUSH ? 1 : 0
        }
        return method
    }()
}
