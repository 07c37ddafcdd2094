internal import KubernetesTypes

/// Reads the documents of a file, JSON or YAML, whichever it is.
///
/// As kubectl does, it takes for JSON what starts with `{`, and goes over to YAML where the first or the second document
/// is not JSON after all: `{a: 1}`, or JSON documents with `---` between them. The stream, and its storage, may be used for
/// any number of inputs.
package final class DocumentStream {
    private enum Format { case json, yaml }

    private let json = JSONDocumentReader()
    private let yaml = YAMLDocumentReader()
    private var source = UnsafeRawBufferPointer(start: nil, count: 0)
    private var format = Format.yaml

    package init() {}

    /// Starts to read an input, which must stay in place until it was read to the end, or another one is opened.
    package func open(_ input: UnsafeRawBufferPointer) {
        source = input
        format = Self.startsAsJSON(input) ? .json : .yaml
        switch format {
        case .json: json.open(input)
        case .yaml: yaml.open(input)
        }
    }

    /// How much white space may stand before a `{` that makes an input JSON: what kubectl looks at.
    private static let sniffedBytes = 4096

    private static func startsAsJSON(_ input: UnsafeRawBufferPointer) -> Bool {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        for byte in input.prefix(sniffedBytes).dropFirst(input.starts(with: mark) ? mark.count : 0) {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
            default: return byte == UInt8(ascii: "{")
            }
        }
        return false
    }

    /// The next document; nil at the end. It is valid until the next call.
    ///
    /// An error is about one document: the next call goes on behind it, where anything can be read there.
    package func next() throws(DocumentError) -> Document? {
        switch format {
        case .yaml: return try yaml.next()
        case .json:
            do {
                return try json.next()
            } catch {
                // Two JSON documents leave no doubt about what the stream is.
                guard error.kind == .syntax, json.index <= 1 else { throw error }
                return try yamlInstead(of: error)
            }
        }
    }

    /// Reads as YAML what is not JSON. Where it is neither, the error of the reader that came further is the better one.
    private func yamlInstead(of jsonError: DocumentError) throws(DocumentError) -> Document? {
        format = .yaml
        yaml.open(source, from: json.end.offset, at: json.end.position, index: json.index)
        do {
            return try yaml.next()
        } catch {
            throw error.position > jsonError.position ? error : jsonError
        }
    }

    /// Calls `body` with each document of an input, or with what is wrong with it, in order.
    package static func forEachDocument(
        in input: UnsafeRawBufferPointer, _ body: (Result<Document, DocumentError>) throws -> Void
    ) rethrows {
        let stream = DocumentStream()
        stream.open(input)
        while true {
            let result: Result<Document, DocumentError>
            do throws(DocumentError) {
                guard let document = try stream.next() else { return }
                result = .success(document)
            } catch {
                result = .failure(error)
            }
            try body(result)
        }
    }
}
