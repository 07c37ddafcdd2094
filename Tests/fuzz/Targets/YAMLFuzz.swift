import Documents
import KubernetesTypes

/// YAML streams: what is read can be written as JSON and is read from that as the same.
enum YAMLFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let reader = YAMLDocumentReader()
        let first = try outcomes(of: bytes, reader)
        // The storage of the first reading is used again.
        try equal(try outcomes(of: bytes, reader), first, "a second reading")
        // Each document starts in a line of its own, or behind an error.
        try hold(first.count <= bytes.count + 1, "\(first.count) documents in \(bytes.count) bytes")
        let stream = try streamOutcomes(of: bytes)
        if bytes.first(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) != UInt8(ascii: "{") {
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            if !bytes.starts(with: mark) { try equal(stream, first, "the stream's reading") }
        }
    }

    private static func outcomes(of bytes: [UInt8], _ reader: YAMLDocumentReader) throws -> [Outcome] {
        try bytes.withUnsafeBytes { buffer in
            reader.open(buffer)
            return try Outcome.all(in: bytes) { () throws(DocumentError) in try reader.next() }
        }
    }

    private static func streamOutcomes(of bytes: [UInt8]) throws -> [Outcome] {
        try bytes.withUnsafeBytes { buffer in
            let stream = DocumentStream()
            stream.open(buffer)
            return try Outcome.all(in: bytes) { () throws(DocumentError) in try stream.next() }
        }
    }
}

/// What became of one document of a stream.
enum Outcome: Equatable {
    case read(json: [UInt8], places: [SourcePosition], duplicates: [DuplicateKey])
    case refused(DocumentError)

    static func all(in source: [UInt8], _ next: () throws(DocumentError) -> Document?) throws -> [Outcome] {
        // The last byte of what ends a line in YAML 1.1; that of U+2028 and U+2029 is another in UTF-16.
        let isUTF16 = source.starts(with: [0xFE, 0xFF]) || source.starts(with: [0xFF, 0xFE])
        let ends: Set<UInt8> = isUTF16 ? [0x0A, 0x0D, 0x85, 0x28, 0x29] : [0x0A, 0x0D, 0x85, 0xA8, 0xA9]
        let lines = UInt32(source.count(where: ends.contains) + 1)
        var outcomes: [Outcome] = []
        while outcomes.count <= source.count + 1 {
            let result: Result<Document?, DocumentError>
            do throws(DocumentError) { result = .success(try next()) } catch { result = .failure(error) }
            switch result {
            case .success(nil): return outcomes
            case .success(let document?):
                try equal(document.index, outcomes.count, "a document's index")
                outcomes.append(try read(document, lines))
            case .failure(let error):
                // The end of a last line without an end is the start of the next for libyaml.
                try hold(error.position.line >= 1 && error.position.line <= lines + 1, "an error at \(error.position)")
                outcomes.append(.refused(error))
            }
        }
        throw FuzzFault(description: "the stream does not end")
    }

    private static func read(_ document: Document, _ lines: UInt32) throws -> Outcome {
        let root = document.root
        try hold(root.levels <= DocumentLimits.depth, "\(root.levels) levels")
        let json = root.jsonText
        // Go's shortest digits of a double of 2⁵³ or more are those of another integer, or of one that 64 bits do not hold.
        var hasRoundedInteger = false
        try visit(root) { value in
            if value.kind == .number, value.double?.magnitude ?? 0 >= 9_007_199_254_740_992 { hasRoundedInteger = true }
        }
        if !hasRoundedInteger { try readAgain(json, as: root) }
        if !hasRoundedInteger, isReadableAsYAML(json, root) { try readAsYAML(json) }
        var places: [SourcePosition] = []
        try visit(root) { value in
            guard let place = value.position else { throw FuzzFault(description: "a value without a place") }
            // As for an error: an empty value at the end of a last line without an end.
            try hold(place.line >= 1 && place.line <= lines + 1 && place.column >= 1, "a value at \(place)")
            places.append(place)
        }
        for duplicate in document.duplicateKeys {
            try hold(duplicate.first <= duplicate.second, "\(duplicate) is out of order")
        }
        return .read(json: json, places: places, duplicates: document.duplicateKeys)
    }

    private static func readAgain(_ json: [UInt8], as root: Value) throws {
        try withJSON(json) { again in
            try hold(again.isEqual(to: root) && root.isEqual(to: again), "JSON reads as something else")
            // As Go does, a zero below zero is written as an integer, which has no sign then.
            if !hasNegativeZero(json) { try equal(again.jsonText, json, "JSON") }
            try equal(root.hasDuplicateKeys, again.hasDuplicateKeys, "duplicate keys")
        }
    }

    private static func hasNegativeZero(_ json: [UInt8]) -> Bool { json.contains(Array("-0".utf8)) }

    private static func visit(_ value: Value, _ body: (Value) throws -> Void) throws {
        try body(value)
        for field in value.fields { try visit(field.value, body) }
        for element in value.elements { try visit(element, body) }
    }

    /// YAML contains JSON, but for characters that libyaml refuses or folds and keys that it finds too long.
    private static func isReadableAsYAML(_ json: [UInt8], _ root: Value) -> Bool {
        var isShort = true
        root.forEachObject { object in
            if object.fields.contains(where: { $0.key.count > 500 }) { isShort = false }
        }
        let isPlain = String(decoding: json, as: UTF8.self).unicodeScalars.allSatisfy { scalar in
            !(0x7F...0x9F).contains(scalar.value) && scalar.value != 0xFEFF && scalar.value & 0xFFFE != 0xFFFE
        }
        return isShort && isPlain
    }

    private static func readAsYAML(_ json: [UInt8]) throws {
        try json.withUnsafeBytes { buffer in
            let reader = YAMLDocumentReader()
            reader.open(buffer)
            let shown = String(decoding: json, as: UTF8.self).debugDescription
            do throws(DocumentError) {
                guard let document = try reader.next() else { throw DocumentError(.syntax, "nothing", at: .unknown) }
                let again = document.root.jsonText
                if again != json, !hasNegativeZero(json) {
                    let text = String(decoding: again, as: UTF8.self).debugDescription
                    return Result<Void, FuzzFault>.failure(FuzzFault(description: "YAML reads \(shown) as \(text)"))
                }
            } catch {
                return .failure(FuzzFault(description: "YAML does not read \(shown): \(error)"))
            }
            return .success(())
        }.get()
    }
}
