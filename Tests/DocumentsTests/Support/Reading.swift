import Documents
import KubernetesTypes

/// A value as JSON with sorted keys, the last of equal ones: Go's form, for comparison.
func canonicalJSON(_ value: Value) -> String {
    switch value.kind {
    case .object:
        var keys: [(key: [UInt8], value: Value)] = []
        for field in value.fields {
            keys.removeAll { $0.key.elementsEqual(field.key.bytes) }
            keys.append((Array(field.key.bytes), field.value))
        }
        keys.sort { $0.key.lexicographicallyPrecedes($1.key) }
        return "{"
            + keys.map { field in
                var name: [UInt8] = []
                field.key.withUnsafeBufferPointer { name.append(jsonString: $0) }
                return String(decoding: name, as: UTF8.self) + ":" + canonicalJSON(field.value)
            }.joined(separator: ",") + "}"
    case .array: return "[" + value.elements.map(canonicalJSON).joined(separator: ",") + "]"
    default: return String(decoding: value.jsonText, as: UTF8.self)
    }
}

/// The first document of a YAML stream as canonical JSON, or the error.
func yaml(_ source: [UInt8]) -> Result<String, DocumentError> {
    source.withUnsafeBytes { bytes in
        let reader = YAMLDocumentReader()
        reader.open(bytes)
        do throws(DocumentError) {
            guard let document = try reader.next() else { return .success("null") }
            return .success(canonicalJSON(document.root))
        } catch {
            return .failure(error)
        }
    }
}

/// Calls `body` with the first document of a stream, JSON or YAML.
func withDocument<Answer>(_ source: [UInt8], _ body: (Document) throws -> Answer) throws -> Answer? {
    try source.withUnsafeBytes { bytes in
        let stream = DocumentStream()
        stream.open(bytes)
        return try stream.next().map(body)
    }
}

/// The first error of a stream, or nil.
func firstError(_ source: [UInt8]) -> DocumentError? {
    source.withUnsafeBytes { bytes in
        let stream = DocumentStream()
        stream.open(bytes)
        do throws(DocumentError) {
            while try stream.next() != nil {}
            return nil
        } catch {
            return error
        }
    }
}

/// All of a stream: each document's index, place and JSON, or the kind and the place of the error.
func outline(_ source: [UInt8]) -> [String] {
    var lines: [String] = []
    source.withUnsafeBytes { bytes in
        DocumentStream.forEachDocument(in: bytes) { result in
            switch result {
            case .success(let document):
                lines.append(
                    "\(document.index) @\(document.start.line):\(document.start.column) \(canonicalJSON(document.root))"
                )
            case .failure(let error): lines.append("\(error.kind) @\(error.position.line):\(error.position.column)")
            }
        }
    }
    return lines
}

func outline(_ source: String) -> [String] { outline(Array(source.utf8)) }
