internal import COpenSSL

/// OpenSSL's memory BIO, for PEM text on its way in or out. The memory is overwritten when it is freed.
final class MemoryBIO {
    let pointer: OpaquePointer

    /// Reads from the contents, which must not be freed before this object.
    init(reading contents: FileContents) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        guard let pointer = BIO_new_mem_buf(contents.bytes.baseAddress, Int32(clamping: contents.count)) else {
            throw OpenSSLErrorQueue.libraryError("BIO_new_mem_buf")
        }
        self.pointer = pointer
    }

    /// Empty, to be written to.
    init() throws(TLSError) {
        OpenSSLErrorQueue.clear()
        guard let pointer = BIO_new(BIO_s_mem()) else { throw OpenSSLErrorQueue.libraryError("BIO_new") }
        self.pointer = pointer
    }

    deinit {
        BIO_free(pointer)
    }

    /// A copy of what has been written.
    func contents(name: String) -> FileContents {
        var start: UnsafeMutablePointer<CChar>?
        let count = COpenSSL_BIO_get_mem_data(pointer, &start)
        return FileContents(name: name, copying: UnsafeRawBufferPointer(start: start, count: max(0, Int(count))))
    }

    /// What has been written, as text.
    var text: String {
        String(decoding: contents(name: "").readableBytes, as: UTF8.self)
    }
}
