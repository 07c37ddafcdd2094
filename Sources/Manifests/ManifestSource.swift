import Documents
import Glibc

/// A file, or standard input, that manifests are read from.
package struct ManifestSource: Sendable {
    /// The path as it was given, `-` for standard input.
    package let path: String
    /// The content of what cannot be read twice: standard input, a pipe.
    let content: [UInt8]?

    /// Finds the sources that paths stand for: a file is read whatever its name, a directory with everything below it
    /// that ends like a manifest, in the order of names; `-` is standard input. What several paths lead to is one
    /// source.
    ///
    /// - Throws: where a path does not exist, cannot be read, or is a directory without manifests.
    package static func find(_ paths: [String]) throws(ManifestError) -> [ManifestSource] {
        var search = ManifestSearch()
        for path in paths { try search.add(path) }
        return search.sources
    }

    /// The content of the source.
    func read() throws(ManifestError) -> [UInt8] {
        if let content { return content }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ManifestError.ofErrno(path) }
        defer { close(descriptor) }
        return try Self.readAll(descriptor, path)
    }

    /// Reads to the end, or one byte more than the readers take, for them to refuse.
    static func readAll(_ descriptor: Int32, _ path: String) throws(ManifestError) -> [UInt8] {
        let limit = DocumentLimits.inputBytes + 1
        var status = stat()
        let size = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
        // One byte more than the file's size shows its end without another round.
        var bytes = [UInt8](repeating: 0, count: min(limit, max(size + 1, minimumBuffer)))
        var filled = 0
        while filled < limit {
            if filled == bytes.count { bytes += [UInt8](repeating: 0, count: min(limit - filled, bytes.count)) }
            let count = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
            }
            if count == 0 { break }
            if count < 0 {
                if errno == EINTR { continue }
                throw ManifestError.ofErrno(path)
            }
            filled += count
        }
        bytes.removeLast(bytes.count - filled)
        return bytes
    }

    /// Room for what has no size of its own to tell, such as a pipe.
    private static let minimumBuffer = 65_536
}

/// A path that cannot be read: bad usage, unlike a file whose content is wrong.
package struct ManifestError: Error, CustomStringConvertible, Sendable {
    package let path: String
    package let reason: String

    init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }

    /// The system's reason for the call that has just failed.
    static func ofErrno(_ path: String) -> ManifestError { ManifestError(path, String(cString: strerror(errno))) }

    package var description: String { "\(path): \(reason)" }
}

extension ManifestSource {
    /// The content of one file, or of standard input.
    package static func read(_ path: String) throws(ManifestError) -> [UInt8] {
        if path == "-" { return try readAll(STDIN_FILENO, path) }
        return try ManifestSource(path: path, content: nil).read()
    }
}
