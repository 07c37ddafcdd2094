import Foundation

/// One file of `Tests/Fixtures/rules` or `Tests/Fixtures/cases`: documents, and the verdict that they must get.
package struct Fixture: Hashable, Sendable, CustomStringConvertible {
    package enum Collection: String, Sendable {
        case rules, cases
    }

    package let collection: Collection
    /// From the collection's directory: `memory/fail-zero.yaml`.
    package let path: String
    /// As it stands in the file: placeholders are not filled in.
    package let rawText: String
    package let header: FixtureHeader

    package var description: String { path }

    /// The directory of a rule's fixture, which is the rule's id.
    package var rule: String { String(path.prefix { $0 != "/" }) }
    package var fileName: String { String(path.split(separator: "/").last ?? "") }
    package var isPass: Bool { fileName.hasPrefix("pass") }
    package var isFail: Bool { fileName.hasPrefix("fail") }

    /// The file's text with its placeholders filled in.
    package var text: String { Placeholders.fill(rawText) }
    package var bytes: [UInt8] { Array(text.utf8) }

    package static let rules = load(.rules)
    package static let cases = load(.cases)

    private static func load(_ collection: Collection) -> [Fixture] {
        let directory = PackageFiles.fixtures.appendingPathComponent(collection.rawValue)
        return PackageFiles.files(below: directory, ending: ".yaml").compactMap { file in
            guard let bytes = try? PackageFiles.bytes(of: file) else { return nil }
            let text = String(decoding: bytes, as: UTF8.self)
            let path = String(file.path.dropFirst(directory.path.count + 1))
            return Fixture(collection: collection, path: path, rawText: text, header: FixtureHeader(text))
        }
    }
}
