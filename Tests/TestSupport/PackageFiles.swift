package import Foundation

/// The files of the package that tests read.
package enum PackageFiles {
    /// The directory that holds `Package.swift`.
    package static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    package static let fixtures = root.appendingPathComponent("Tests/Fixtures")

    /// Every file below a directory whose name ends so, in the order of their paths; empty where there is no such
    /// directory.
    package static func files(below directory: URL, ending suffixes: String...) -> [URL] {
        let enumerator = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil)
        let all = enumerator?.compactMap { $0 as? URL } ?? []
        return all.filter { url in suffixes.contains { url.lastPathComponent.hasSuffix($0) } }
            .sorted { $0.path < $1.path }
    }

    package static func bytes(of file: URL) throws -> [UInt8] { [UInt8](try Data(contentsOf: file)) }
}
