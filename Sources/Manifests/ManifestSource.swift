import Documents
import Glibc

/// A file, or standard input, that manifests are read from.
package struct ManifestSource: Sendable {
    /// The path as it was given, `-` for standard input.
    package let path: String
    /// The content of standard input, which cannot be read twice.
    let content: [UInt8]?

    /// Endings of the files that are read in a directory, as kubectl has them.
    private static let endings = [".yaml", ".yml", ".json"]

    /// Finds the sources that paths stand for: a file is read whatever its name, a directory with everything below it
    /// that ends like a manifest, in the order of names; `-` is standard input.
    ///
    /// - Throws: where a path does not exist, cannot be read, or is a directory without manifests.
    package static func find(_ paths: [String]) throws(ManifestError) -> [ManifestSource] {
        var sources: [ManifestSource] = []
        for path in paths {
            if path == "-" {
                sources.append(ManifestSource(path: path, content: try readAll(STDIN_FILENO, path)))
                continue
            }
            var status = stat()
            guard stat(path, &status) == 0 else { throw ManifestError(path, reasonForErrno()) }
            if status.st_mode & S_IFMT == S_IFDIR {
                var found: [String] = []
                try walk(path, depth: 0, &found)
                if found.isEmpty { throw ManifestError(path, "the directory has no manifests (\(endings.joined(separator: ", ")))") }
                sources += found.map { ManifestSource(path: $0, content: nil) }
            } else {
                sources.append(ManifestSource(path: path, content: nil))
            }
        }
        return sources
    }

    /// Directories within directories: far more than anybody has, and fewer than a loop of links makes.
    private static let maximumDepth = 64

    private static func walk(_ directory: String, depth: Int, _ found: inout [String]) throws(ManifestError) {
        guard depth < maximumDepth else { throw ManifestError(directory, "more than \(maximumDepth) directories deep") }
        guard let handle = opendir(directory) else { throw ManifestError(directory, reasonForErrno()) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        for name in names.sorted() {
            let path = directory.hasSuffix("/") ? directory + name : directory + "/" + name
            var status = stat()
            // A link to a directory is not followed: it may lead back.
            guard lstat(path, &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                try walk(path, depth: depth + 1, &found)
            } else if endings.contains(where: { name.hasSuffix($0) }) {
                found.append(path)
            }
        }
    }

    /// The content of the source.
    func read() throws(ManifestError) -> [UInt8] {
        if let content { return content }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ManifestError(path, reasonForErrno()) }
        defer { close(descriptor) }
        return try Self.readAll(descriptor, path)
    }

    /// Reads to the end, or one byte more than the readers take, for them to refuse.
    private static func readAll(_ descriptor: Int32, _ path: String) throws(ManifestError) -> [UInt8] {
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
                throw ManifestError(path, reasonForErrno())
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

    package var description: String { "\(path): \(reason)" }
}

private func reasonForErrno() -> String { String(cString: strerror(errno)) }

extension ManifestSource {
    /// The content of one file, or of standard input.
    package static func read(_ path: String) throws(ManifestError) -> [UInt8] {
        if path == "-" { return try readAll(STDIN_FILENO, path) }
        return try ManifestSource(path: path, content: nil).read()
    }
}
