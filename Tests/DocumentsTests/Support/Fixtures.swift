import Documents
import KubernetesTypes
import TestSupport

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
            return Row(input: InputText.bytes(columns[0]), json: columns[1].text.map { String($0) })
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
                input: InputText.bytes(document), kubernetes: line["kubernetes"]?.text.map { String($0) },
                here: line["here"]?.text.map { String($0) }, why: String(why))
        }
    }

    private static func lines<Line>(_ name: String, _ make: (Value) -> Line?) -> [Line] {
        let parser = JSONParser()
        return bytes(name).split(separator: UInt8(ascii: "\n")).compactMap { line in
            line.withUnsafeBytes { line in (try? parser.parse(line)).flatMap(make) }
        }
    }

    /// A case of a public suite: the bytes, what the suite says of them, and where this project goes its own way, what it
    /// does and why.
    struct SuiteCase: CustomStringConvertible, Sendable {
        var name: String
        var input: [UInt8]
        /// YAML: the JSON that Kubernetes reads, or nil where it refuses the document.
        var json: String?
        /// YAML: the JSON that the suite expects, where that is another; "refused", or "no JSON" where it has none.
        var suite: String?
        /// JSON: "accepted", "refused" or "accepted in files", where the suite says the opposite or nothing.
        var here: String?
        var why: String?
        var description: String { name }
    }

    static func suite(_ name: String) -> [SuiteCase] {
        lines(name) { line in
            guard let input = line["input"], let name = line["case"]?.text else { return nil }
            let text = { (key: String) in line[key: key]?.text.map { String($0) } }
            return SuiteCase(
                name: String(name), input: InputText.bytes(input), json: text("json"), suite: text("suite"),
                here: text("here"), why: text("why"))
        }
    }
}
