import Glibc
internal import COpenSSL

/// The bytes of a file that may hold a private key: overwritten before the memory is given back.
///
/// Neither printable nor comparable on purpose; `digest` tells two versions apart.
final class FileContents {
    /// Certificates and keys are some kilobytes; a bundle of every public CA is 250 KB.
    static let maximumSize = 1 << 20

    /// The path, or the name of the document the bytes came from.
    let name: String
    let bytes: UnsafeMutableRawBufferPointer
    let count: Int

    /// Copies bytes that are in memory already.
    init(name: String, copying source: UnsafeRawBufferPointer) {
        self.name = name
        self.count = source.count
        // At least one byte, so that there always is an address.
        self.bytes = .allocate(byteCount: max(source.count, 1), alignment: 1)
        self.bytes.copyMemory(from: source)
    }

    /// Copies a PEM document that is in memory already.
    static func copy(of source: [UInt8], name: String) -> FileContents {
        source.withUnsafeBytes { FileContents(name: name, copying: $0) }
    }

    /// Reads a file. Blocks.
    convenience init(path: String) throws(TLSError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .fileUnreadable(file: path, reason: SystemError.text(errno)) }
        defer { close(descriptor) }

        // One byte more than is allowed shows that a file is too long, whatever its size was said to be.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.maximumSize + 1, alignment: 1)
        defer {
            OPENSSL_cleanse(buffer.baseAddress, buffer.count)
            buffer.deallocate()
        }
        var filled = 0
        while filled < buffer.count {
            let count = read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw .fileUnreadable(file: path, reason: SystemError.text(errno))
            }
            filled += count
        }
        guard filled <= Self.maximumSize else {
            throw .fileUnreadable(file: path, reason: "larger than \(Self.maximumSize) bytes")
        }
        self.init(name: path, copying: UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
    }

    /// The contents, without the byte that may have been allocated on top.
    var readableBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[..<count])
    }

    deinit {
        OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        bytes.deallocate()
    }

    /// SHA-256 of the contents.
    var digest: [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        EVP_Digest(bytes.baseAddress, count, &digest, &length, EVP_sha256(), nil)
        return digest
    }
}

/// The text of an `errno`.
enum SystemError {
    static func text(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}

extension FileContents {
    /// The ASCII text stands somewhere in the contents.
    func mentions(_ text: StaticString) -> Bool {
        let needle = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard let first = needle.first, count >= needle.count else { return false }
        return (0...(count - needle.count)).contains { start in
            bytes[start] == first && bytes[start..<(start + needle.count)].elementsEqual(needle)
        }
    }
}
