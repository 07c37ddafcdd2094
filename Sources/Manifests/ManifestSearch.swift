import Glibc

/// Finds the files that paths stand for.
struct ManifestSearch {
    private(set) var sources: [ManifestSource] = []
    private var seen: Set<FileID> = []
    private var hasStandardInput = false

    /// What two paths to one file have in common.
    private struct FileID: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    /// Endings of the files that are read in a directory, as kubectl has them.
    private static let endings = [".yaml", ".yml", ".json"]

    mutating func add(_ path: String) throws(ManifestError) {
        if path == "-" {
            // It can be read once only.
            if !hasStandardInput { sources.append(try .readNow(path)) }
            hasStandardInput = true
            return
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw .ofErrno(path) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            guard try walk(path, depth: 0) > 0 else {
                throw ManifestError(path, "the directory has no manifests (\(Self.endings.joined(separator: ", ")))")
            }
        case S_IFREG: add(file: path, status)
        // A pipe, such as the `<(…)` of a shell.
        default: sources.append(try .readNow(path))
        }
    }

    private mutating func add(file path: String, _ status: stat) {
        guard seen.insert(FileID(device: status.st_dev, inode: status.st_ino)).inserted else { return }
        sources.append(ManifestSource(path: path, content: nil))
    }

    /// Directories within directories: far more than anybody has.
    private static let maximumDepth = 64

    /// - Returns: how many manifests there are, those that were found before included.
    private mutating func walk(_ directory: String, depth: Int) throws(ManifestError) -> Int {
        guard depth < Self.maximumDepth else {
            throw ManifestError(directory, "more than \(Self.maximumDepth) directories deep")
        }
        var count = 0
        for name in try Self.names(in: directory) {
            let path = directory.hasSuffix("/") ? directory + name : directory + "/" + name
            var own = stat()
            guard lstat(path, &own) == 0 else { continue }
            if own.st_mode & S_IFMT == S_IFDIR {
                count += try walk(path, depth: depth + 1)
                continue
            }
            guard Self.endings.contains(where: { name.hasSuffix($0) }) else { continue }
            // A link to a directory is not followed: it may lead back. What is no file has nothing to read.
            var target = stat()
            guard stat(path, &target) == 0 else { throw .ofErrno(path) }
            guard target.st_mode & S_IFMT == S_IFREG else { continue }
            add(file: path, target)
            count += 1
        }
        return count
    }

    private static func names(in directory: String) throws(ManifestError) -> [String] {
        guard let handle = opendir(directory) else { throw .ofErrno(directory) }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            // Besides itself and its parent, the `..data` of a mounted ConfigMap, whose files stand beside it as links.
            if name != ".", !name.hasPrefix("..") { names.append(name) }
        }
        return names.sorted()
    }
}

extension ManifestSource {
    /// A source that is read here and now.
    fileprivate static func readNow(_ path: String) throws(ManifestError) -> ManifestSource {
        ManifestSource(path: path, content: try read(path))
    }
}
