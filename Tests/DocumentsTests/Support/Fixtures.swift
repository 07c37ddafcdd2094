import Documents
import KubernetesTypes

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
    struct Row: CustomStringConvertible {
        var input: [UInt8]
        var json: String?
        var description: String { String(decoding: input.prefix(60), as: UTF8.self).debugDescription }
    }

    /// A table: each line is a JSON array of the document and the expected JSON as a string, or null.
    static func table(_ name: String) -> [Row] {
        lines(name) { line in
            let columns = Array(line.elements)
            guard columns.count == 2 else { return nil }
            return Row(input: input(columns[0]), json: columns[1].text.map { String($0) })
        }
    }

    /// A document that is read otherwise than by Kubernetes, with what either makes of it and the reason.
    struct Difference {
        var input: [UInt8]
        var kubernetes: String?
        var here: String?
        var why: String
    }

    static func differences() -> [Difference] {
        lines("yaml-differences.jsonl") { line in
            guard let document = line["input"], let why = line["why"]?.text else { return nil }
            return Difference(
                input: input(document), kubernetes: line["kubernetes"]?.text.map { String($0) },
                here: line["here"]?.text.map { String($0) }, why: String(why))
        }
    }

    private static func lines<Line>(_ name: String, _ make: (Value) -> Line?) -> [Line] {
        let parser = JSONParser()
        return bytes(name).split(separator: UInt8(ascii: "\n")).compactMap { line in
            line.withUnsafeBytes { line in (try? parser.parse(line)).flatMap(make) }
        }
    }

    /// The bytes of a document: a string, or `{"hex": …}` for what no editor would leave alone.
    private static func input(_ value: Value) -> [UInt8] {
        if let text = value.text { return Array(text.bytes) }
        guard let hex = value["hex"]?.text else { return [] }
        return stride(from: 0, to: hex.count - 1, by: 2).compactMap {
            UInt8(String(decoding: hex.bytes[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }
}
