internal import COpenSSL

/// OpenSSL's memory BIO, for PEM text on its way in or out. The memory is overwritten when it is freed.
final class MemoryBIO {
    let pointer: OpaquePointer
    /// What is read from: the BIO has the address only.
    private let source: FileContents?

    /// Reads from the contents.
    init(reading contents: FileContents) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        let made = contents.withBytes { BIO_new_mem_buf($0.baseAddress, Int32(clamping: $0.count)) }
        guard let made else { throw OpenSSLErrorQueue.libraryError("BIO_new_mem_buf") }
        pointer = made
        source = contents
    }

    /// Empty, to be written to.
    init() throws(TLSError) {
        OpenSSLErrorQueue.clear()
        guard let pointer = BIO_new(BIO_s_mem()) else { throw OpenSSLErrorQueue.libraryError("BIO_new") }
        self.pointer = pointer
        source = nil
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
        contents(name: "").withBytes { String(decoding: $0, as: UTF8.self) }
    }
}
