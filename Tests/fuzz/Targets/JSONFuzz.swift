import Documents
import KubernetesTypes

/// JSON from a file and from the network: two readers that must agree.
enum JSONFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let first = try read(bytes)
        try equal(try read(bytes), first, "a second reading")
        let parsed = parse(bytes)
        switch parsed {
        case .success(let json):
            guard case .read(let text, _, _)? = first.first, first.count == 1 else {
                throw FuzzFault(description: "the server reads what the file reader does not: \(first)")
            }
            try equal(text, json, "two readers")
            try compareEmptied(bytes)
        case .failure(let error):
            try holdPrintable(error.message)
            guard first.count == 1, case .read = first[0], !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
            throw FuzzFault(description: "the server does not read what the file reader does: \(error)")
        }
    }

    private static func read(_ bytes: [UInt8]) throws -> [Outcome] {
        try bytes.withUnsafeBytes { buffer in
            let reader = JSONDocumentReader()
            reader.open(buffer)
            return try Outcome.all(in: bytes) { () throws(DocumentError) in try reader.next() }
        }
    }

    /// Containers that are read as empty change nothing else. A key that is written with an escape is another one.
    private static func compareEmptied(_ bytes: [UInt8]) throws {
        guard !bytes.contains(UInt8(ascii: "\\")) else { return }
        let places = [["a"], ["b", "a"], ["b", "c", "a"]]
        let pointers = places.map { $0.map { "/" + $0 }.joined() }
        let found = try withJSON(bytes, emptying: pointers) { $0.jsonText }
        let expected = try withJSON(bytes) { emptied($0, places) }
        try equal(found, expected, "a document of which some is not read")
    }

    /// The value as JSON, with the containers at the end of the paths empty.
    private static func emptied(_ value: Value, _ paths: [[String]]) -> [UInt8] {
        if value.isArray || value.isObject, paths.contains([]) { return Array((value.isArray ? "[]" : "{}").utf8) }
        guard value.isObject else { return value.jsonText }
        let fields = value.fields.map { (key, value) in
            let key = String(key)
            return (key: key, value: emptied(value, paths.filter { $0.first == key }.map { Array($0.dropFirst()) }))
        }
        var text: [UInt8] = []
        text.append(jsonObject: fields) { $0 += $1 }
        return text
    }

    private static func parse(_ bytes: [UInt8]) -> Result<[UInt8], DocumentError> {
        let parser = JSONParser()
        return bytes.withUnsafeBytes { buffer in
            do throws(DocumentError) { return .success(try parser.parse(buffer).jsonText) } catch {
                return .failure(error)
            }
        }
    }
}
