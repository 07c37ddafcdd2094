import Glibc
internal import COpenSSL

/// The bytes of a file that may hold a private key: overwritten before the memory is given back.
///
/// Neither printable nor comparable on purpose; `digest` tells two versions apart.
final class FileContents {
    /// Certificates and keys are some kilobytes; a bundle of every public CA is 250 KB.
    static let maximumSize = 1 << 20
    /// Room for what has no size of its own to tell, such as a pipe.
    private static let minimumBuffer = 16_384

    /// The path, or the name of the document the bytes came from.
    let name: String
    /// At least one byte, so that there always is an address.
    private let memory: UnsafeMutableRawBufferPointer
    private let count: Int

    /// Copies bytes that are in memory already.
    init(name: String, copying source: UnsafeRawBufferPointer) {
        self.name = name
        count = source.count
        memory = .allocate(byteCount: max(source.count, 1), alignment: 1)
        memory.copyMemory(from: source)
    }

    deinit {
        OPENSSL_cleanse(memory.baseAddress, memory.count)
        memory.deallocate()
    }

    /// Copies a PEM document that is in memory already.
    static func copy(of source: [UInt8], name: String) -> FileContents {
        source.withUnsafeBytes { FileContents(name: name, copying: $0) }
    }

    /// Reads a file. Blocks.
    static func read(_ path: String) throws(TLSError) -> FileContents {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .fileUnreadable(file: path, reason: SystemError.text(errno)) }
        defer { close(descriptor) }

        // One byte more than is allowed shows that a file is too long, whatever its size was said to be.
        let size = lseek(descriptor, 0, SEEK_END)
        if size > 0 { lseek(descriptor, 0, SEEK_SET) }
        let limit = min(max(size, minimumBuffer), maximumSize)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: limit + 1, alignment: 1)
        defer {
            OPENSSL_cleanse(buffer.baseAddress, buffer.count)
            buffer.deallocate()
        }
        var filled = 0
        while filled < buffer.count {
            let count = Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw .fileUnreadable(file: path, reason: SystemError.text(errno))
            }
            filled += count
        }
        guard filled <= limit else { throw .fileUnreadable(file: path, reason: "larger than \(limit) bytes") }
        return FileContents(name: path, copying: UnsafeRawBufferPointer(rebasing: buffer[..<filled]))
    }

    /// Lends the bytes; they are gone with this object, so no address may be kept.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        // The object must outlive the call, which the last mention of it would not ensure.
        withExtendedLifetime(self) {
            body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
        }
    }

    /// SHA-256 of the contents.
    var digest: [UInt8] {
        withBytes { bytes in
            var digest = [UInt8](repeating: 0, count: 32)
            var length: UInt32 = 0
            EVP_Digest(bytes.baseAddress, bytes.count, &digest, &length, EVP_sha256(), nil)
            return digest
        }
    }

    /// The ASCII text stands somewhere in the contents.
    func mentions(_ text: StaticString) -> Bool {
        let needle = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return withBytes { bytes in
            guard let first = needle.first, bytes.count >= needle.count else { return false }
            return (0...(bytes.count - needle.count)).contains { start in
                bytes[start] == first && bytes[start..<(start + needle.count)].elementsEqual(needle)
            }
        }
    }
}

/// The text of an `errno`.
enum SystemError {
    static func text(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
