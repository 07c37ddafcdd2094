import Glibc
import KubernetesTypes

/// Reads small files: kubeconfigs, tokens, certificates.
enum CredentialFile {
    /// What a Secret or ConfigMap can hold.
    static let maximumSize = 1 << 20
    private static let chunk = 16_384

    /// Reads a file. Blocks.
    static func read(_ path: String) throws(CredentialFileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw CredentialFileError(path, ofErrno: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: chunk)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw CredentialFileError(path, ofErrno: errno)
            }
            bytes.append(contentsOf: buffer.prefix(count))
            guard bytes.count <= maximumSize else {
                throw CredentialFileError(path, "larger than \(maximumSize) bytes")
            }
        }
    }

    /// A path as the file that names it means it: relative to that file's own directory.
    static func resolve(_ path: String, besides file: String) -> String {
        if path.utf8.first == UInt8(ascii: "/") { return path }
        guard let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(file[...slash]) + path
    }
}

/// A file that cannot be read.
struct CredentialFileError: Error {
    let path: String
    let reason: String
    /// There is no such file.
    let isMissing: Bool

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
        isMissing = false
    }

    init(_ path: String, ofErrno code: Int32) {
        self.path = path
        reason = String(cString: strerror(code))
        isMissing = code == ENOENT
    }

    /// One line, safe to print.
    var text: String { "\(PrintableText.escaped(path, limit: .max)): \(reason)" }
}
