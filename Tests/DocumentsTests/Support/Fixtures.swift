import Documents
import KubernetesTypes
import Testing

#if canImport(Glibc)
import Glibc
#endif

/// Files under `Fixtures`, found beside this source.
enum Fixtures {
    static func bytes(_ name: String) -> [UInt8] {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
        return file(folder.joined(separator: "/") + "/Fixtures/" + name)
    }

    static func file(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "rb") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return bytes }
            bytes += chunk.prefix(count)
        }
    }

    /// One row of a table: a document, and the JSON it is read as, or nil where it is refused.
    struct Row: CustomTestStringConvertible, Sendable {
        var input: [UInt8]
        var json: String?
        var testDescription: String { String(decoding: input.prefix(60), as: UTF8.self).debugDescription }
    }

    /// A table: each line is a JSON array of the document (or `{"hex": …}`) and the expected JSON as a string, or null.
    static func table(_ name: String) -> [Row] {
        let parser = JSONParser()
        return bytes(name).split(separator: UInt8(ascii: "\n")).compactMap { line in
            line.withUnsafeBytes { line -> Row? in
                guard let row = try? parser.parse(line) else { return nil }
                let columns = Array(row.elements)
                guard columns.count == 2 else { return nil }
                let input = columns[0].text.map { Array($0.bytes) } ?? columns[0]["hex"]?.text.map { unhex($0) }
                return Row(input: input ?? [], json: columns[1].text.map { String($0) })
            }
        }
    }

    private static func unhex(_ text: Text) -> [UInt8] {
        stride(from: 0, to: text.count, by: 2).compactMap {
            UInt8(String(decoding: text.bytes[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }
}
