import Documents
import KubernetesTypes
import TestSupport

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
        guard !bytes.contains([UInt8(ascii: "\\"), UInt8(ascii: "u")]) else { return }
        let places = ["/a", "/b/a", "/b/c/a"]
        let found = try withJSON(bytes, emptying: places) { $0.jsonText }
        let expected = try withJSON(bytes) { JSONTree($0, emptying: places).json }
        try equal(found, expected, "a document of which some is not read")
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
