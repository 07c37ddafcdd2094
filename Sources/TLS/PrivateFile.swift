import Glibc

/// Writes a file so that it is complete or not there, and never readable by more than it should be.
enum PrivateFile {
    /// Who may read a file.
    enum Access: mode_t {
        case owner = 0o600
        case everyone = 0o644
    }

    private static let directoryMode: mode_t = 0o755
    private static let attempts = 16

    /// Makes the directory if it is missing; its parent must exist.
    static func makeDirectory(_ path: String) throws(TLSError) {
        if mkdir(path, directoryMode) != 0, errno != EEXIST {
            throw .fileUnwritable(file: path, reason: SystemError.text(errno))
        }
    }

    /// Writes a new file beside the old one and renames it. Blocks until it is on the disk.
    static func replace(_ path: String, with contents: FileContents, _ access: Access) throws(TLSError) {
        let (descriptor, temporary) = try create(beside: path)
        var isDone = false
        defer {
            close(descriptor)
            if !isDone { unlink(temporary) }
        }
        // The file was made for the owner alone; it is opened up, if at all, once that is all that is left to do.
        guard contents.withBytes({ write($0, to: descriptor) }), fchmod(descriptor, access.rawValue) == 0,
            fsync(descriptor) == 0, rename(temporary, path) == 0
        else { throw .fileUnwritable(file: path, reason: SystemError.text(errno)) }
        isDone = true
    }

    /// Creates an empty file with a name that nobody else has, in the directory of the path.
    private static func create(beside path: String) throws(TLSError) -> (descriptor: Int32, path: String) {
        for _ in 0..<attempts {
            let temporary = path + ".\(String(UInt64.random(in: .min ... .max), radix: 36)).tmp"
            let descriptor = open(
                temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, Access.owner.rawValue)
            if descriptor >= 0 { return (descriptor, temporary) }
            if errno != EEXIST { break }
        }
        throw .fileUnwritable(file: path, reason: SystemError.text(errno))
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                return false
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        return true
    }
}
