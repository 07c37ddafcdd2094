internal import KubernetesTypes

/// A strict scanner of JSON (RFC 8259) that notes the place of every word that simdjson's tape has for a value, in the
/// tape's order, and the place and the reason where there is something wrong.
///
/// ```
/// value  = object | array | string | number | "true" | "false" | "null"
/// object = "{" [ string ":" value *( "," string ":" value ) ] "}"
/// array  = "[" [ value *( "," value ) ] "]"
/// ```
/// It keeps a stack of its own: the depth of the input is no depth of calls.
struct JSONScanner: ~Copyable {
    /// What may come next inside the innermost container.
    private enum Expectation {
        case value, firstElement, firstKey, key, colon, commaOrEnd
    }

    private struct Container {
        var isObject: Bool
        var position: SourcePosition
    }

    private var cursor: JSONCursor
    private var containers: [Container] = []
    /// The places of the last value scanned, the root word's first.
    private(set) var positions = PositionBuffer()

    init(_ source: UnsafeRawBufferPointer) {
        cursor = JSONCursor(source)
    }

    /// Where scanning stands: behind the last value.
    var offset: Int { cursor.offset }
    var position: SourcePosition { cursor.position }

    /// Skips white space. False at the end of the source.
    mutating func skipSpace() -> Bool {
        cursor.skipSpace()
        return cursor.byte != nil
    }

    /// Scans one value, up to its end.
    mutating func scanValue() throws(DocumentError) {
        positions.removeAll()
        positions.append(cursor.position)
        containers.removeAll(keepingCapacity: true)
        var expectation = Expectation.value
        repeat {
            cursor.skipSpace()
            expectation = try step(expectation)
            guard positions.count <= DocumentLimits.words else {
                throw cursor.error(.limit, "the document has too many values")
            }
        } while !containers.isEmpty
    }

    private mutating func step(_ expectation: Expectation) throws(DocumentError) -> Expectation {
        guard let byte = cursor.byte else { throw unexpectedEnd() }
        switch (expectation, byte) {
        case (.firstElement, UInt8(ascii: "]")), (.firstKey, UInt8(ascii: "}")): return close()
        case (.value, _), (.firstElement, _): return try value(byte)
        case (.firstKey, UInt8(ascii: "\"")), (.key, UInt8(ascii: "\"")):
            positions.append(cursor.position)
            try cursor.scanString()
            return .colon
        case (.colon, UInt8(ascii: ":")):
            cursor.skip(1)
            return .value
        case (.commaOrEnd, UInt8(ascii: ",")):
            cursor.skip(1)
            return containers.last?.isObject == true ? .key : .value
        case (.commaOrEnd, UInt8(ascii: "}")) where containers.last?.isObject == true: return close()
        case (.commaOrEnd, UInt8(ascii: "]")) where containers.last?.isObject == false: return close()
        case (.firstKey, _), (.key, _): throw cursor.unexpected("a key in double quotes")
        case (.colon, _): throw cursor.unexpected("':' after the key")
        case (.commaOrEnd, _):
            throw cursor.unexpected(containers.last?.isObject == true ? "',' or '}'" : "',' or ']'")
        }
    }

    private func unexpectedEnd() -> DocumentError {
        guard let open = containers.last else {
            return cursor.error(.syntax, "the document ends where a value should be")
        }
        let kind = open.isObject ? "object" : "array"
        let place = "\(open.position.line):\(open.position.column)"
        return cursor.error(.syntax, "the document ends inside the \(kind) that starts at \(place)")
    }

    private mutating func value(_ byte: UInt8) throws(DocumentError) -> Expectation {
        let position = cursor.position
        positions.append(position)
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard containers.count < DocumentLimits.depth else {
                throw cursor.error(.limit, "nested deeper than \(DocumentLimits.depth) levels")
            }
            let isObject = byte == UInt8(ascii: "{")
            containers.append(Container(isObject: isObject, position: position))
            cursor.skip(1)
            return isObject ? .firstKey : .firstElement
        case UInt8(ascii: "\""): try cursor.scanString()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try cursor.scanNumber()
            // A number takes two words.
            positions.append(position)
        case UInt8(ascii: "t"): try cursor.scanWord("true")
        case UInt8(ascii: "f"): try cursor.scanWord("false")
        case UInt8(ascii: "n"): try cursor.scanWord("null")
        default: throw cursor.unexpected("a value")
        }
        return .commaOrEnd
    }

    private mutating func close() -> Expectation {
        cursor.skip(1)
        if let container = containers.popLast() { positions.append(container.position) }
        return .commaOrEnd
    }
}
