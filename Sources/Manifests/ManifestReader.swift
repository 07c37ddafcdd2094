import Documents
import Glibc
import KubernetesTypes

/// Walks the documents of sources, again where that is asked for: documents are not kept.
struct ManifestReader {
    /// The place of an object among all that were read.
    struct Location: Hashable, Comparable {
        let source: Int
        let document: Int
        let item: Int

        static func < (left: Location, right: Location) -> Bool {
            (left.source, left.document, left.item) < (right.source, right.document, right.item)
        }
    }

    let sources: [ManifestSource]

    /// Reads one source. `visit` sees each document, or why it cannot be read; both, and the text of lines, are valid
    /// only as long as it runs.
    func read(
        _ source: Int, _ visit: (Result<Document, DocumentError>, SourceText) -> Void
    ) throws(ManifestError) {
        let bytes = try sources[source].read()
        bytes.withUnsafeBytes { bytes in
            let text = SourceText(path: sources[source].path, source: source, bytes: bytes)
            DocumentStream.forEachDocument(in: bytes) { visit($0, text) }
        }
    }
}

/// The text of a source, to show lines of.
final class SourceText {
    /// The path as it was given.
    let path: String
    /// The source's place in the order of reading.
    let source: Int
    private let bytes: UnsafeRawBufferPointer
    /// Offsets of the starts of lines, found once somebody asks for a line.
    private lazy var lineStarts: [Int] = {
        var starts = [0]
        guard let base = bytes.baseAddress else { return starts }
        // A file may be of 64 MiB, in one line or in millions.
        var offset = 0
        while let end = memchr(base + offset, Int32(UInt8(ascii: "\n")), bytes.count - offset) {
            offset = UnsafeRawPointer(end) - base + 1
            starts.append(offset)
        }
        return starts
    }()

    init(path: String, source: Int, bytes: UnsafeRawBufferPointer) {
        self.path = path
        self.source = source
        self.bytes = bytes
    }

    /// The longest line that is kept to be shown: a file of one line would be kept for each of its findings.
    private static let maximumLength = 4096

    /// A line without its end, from 1; nil past the end and where it is too long to show.
    func line(_ number: UInt32) -> String? {
        let index = Int(number) - 1
        guard lineStarts.indices.contains(index) else { return nil }
        let start = lineStarts[index]
        let end = index + 1 < lineStarts.count ? lineStarts[index + 1] - 1 : bytes.count
        guard end - start <= Self.maximumLength, start <= end else { return nil }
        var line = bytes[start..<end]
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        return String(decoding: line, as: UTF8.self)
    }
}
