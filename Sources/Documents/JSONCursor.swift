internal import KubernetesTypes

/// A place in a JSON source, and the scanning of the tokens there.
struct JSONCursor {
    let source: UnsafeRawBufferPointer
    private(set) var offset = 0
    private var line: UInt32 = 1
    /// Where the line starts, put later by a byte for each one that continues a character: columns count characters.
    private var lineStart = 0

    init(_ source: UnsafeRawBufferPointer) {
        self.source = source
        // A byte order mark, as some editors put before UTF-8.
        if byte == 0xEF, byte(1) == 0xBB, byte(2) == 0xBF {
            offset = 3
            lineStart = 3
        }
    }

    var position: SourcePosition {
        SourcePosition(line: line, column: UInt32(truncatingIfNeeded: offset - lineStart + 1))
    }

    var byte: UInt8? { byte(0) }

    private func byte(_ distance: Int) -> UInt8? {
        offset + distance < source.count ? source[offset + distance] : nil
    }

    /// Skips bytes that are one character each, and no line ends.
    mutating func skip(_ count: Int) { offset += count }

    mutating func skipSpace() {
        while let byte {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): offset += 1
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                offset += byte == UInt8(ascii: "\r") && self.byte(1) == UInt8(ascii: "\n") ? 2 : 1
                line &+= 1
                lineStart = offset
            default: return
            }
        }
    }

    func error(_ kind: DocumentError.Kind, _ message: String) -> DocumentError {
        DocumentError(kind, message, at: position)
    }

    /// What stands here, and what should.
    func unexpected(_ expected: String) -> DocumentError {
        guard let byte else { return error(.syntax, "the document ends where \(expected) should be") }
        let length = UTF8Bytes.length(in: source, at: offset)
        guard length > 0 else { return error(.encoding, "not valid UTF-8 (0x\(Self.hex(byte)))") }
        guard byte >= 0x20, byte != 0x7F else {
            return error(.syntax, "expected \(expected), found 0x\(Self.hex(byte))")
        }
        let character = String(decoding: source[offset..<offset + length], as: UTF8.self)
        return error(.syntax, "expected \(expected), found '\(character)'")
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    mutating func scanWord(_ word: StaticString) throws(DocumentError) {
        let isThere = word.withUTF8Buffer { word in
            word.count <= source.count - offset && source[offset..<offset + word.count].elementsEqual(word)
        }
        guard isThere else { throw unexpected("a value") }
        skip(word.utf8CodeUnitCount)
    }
}

// Strings.
extension JSONCursor {
    /// Scans a string; the cursor is at its quote.
    mutating func scanString() throws(DocumentError) {
        let start = position
        offset += 1
        while let byte {
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return
            case UInt8(ascii: "\\"): try scanEscape()
            case 0..<0x20:
                throw error(.syntax, "the character 0x\(Self.hex(byte)) must be escaped in a string")
            case 0x20..<0x80: offset += 1
            default:
                let length = UTF8Bytes.length(in: source, at: offset)
                guard length > 0 else { throw error(.encoding, "not valid UTF-8 (0x\(Self.hex(byte)))") }
                offset += length
                lineStart += length - 1
            }
        }
        throw error(.syntax, "the document ends inside the string that starts at \(start.line):\(start.column)")
    }

    private mutating func scanEscape() throws(DocumentError) {
        switch byte(1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            guard let unit = codeUnit(at: 0) else { throw error(.syntax, "\\u needs four hexadecimal digits") }
            switch unit {
            case 0xD800..<0xDC00:
                guard byte(6) == UInt8(ascii: "\\"), byte(7) == UInt8(ascii: "u"), let low = codeUnit(at: 6),
                    (0xDC00..<0xE000).contains(low)
                else { throw loneSurrogate(unit) }
                offset += 12
            case 0xDC00..<0xE000: throw loneSurrogate(unit)
            default: offset += 6
            }
        default: throw error(.syntax, "unknown escape in a string")
        }
    }

    private func loneSurrogate(_ unit: UInt32) -> DocumentError {
        error(.encoding, "\\u\(String(unit, radix: 16)) is half of a character: a surrogate without the other one")
    }

    /// The four hexadecimal digits of an escape that starts at the given distance.
    private func codeUnit(at distance: Int) -> UInt32? {
        var unit: UInt32 = 0
        for index in distance + 2..<distance + 6 {
            guard let byte = byte(index) else { return nil }
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return unit
    }
}

// Numbers.
extension JSONCursor {
    /// From this many bytes on a number may be out of the range of a double without an exponent that says so.
    private static let longNumber = 300

    /// Scans a number: `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?`; the cursor is at its first byte.
    mutating func scanNumber() throws(DocumentError) {
        let start = self
        var isFloat = false
        var hasExponent = false
        if byte == UInt8(ascii: "-") { offset += 1 }
        if byte == UInt8(ascii: "0") {
            offset += 1
            if let byte, byte &- UInt8(ascii: "0") <= 9 { throw start.error(.syntax, "a number starts with 0") }
        } else {
            try scanDigits()
        }
        if byte == UInt8(ascii: ".") {
            offset += 1
            isFloat = true
            try scanDigits()
        }
        if byte.map({ $0 | 0x20 }) == UInt8(ascii: "e") {
            offset += 1
            (isFloat, hasExponent) = (true, true)
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { offset += 1 }
            try scanDigits()
        }
        let text = source[start.offset..<offset]
        if isFloat, !hasExponent, text.count < Self.longNumber { return }
        guard Self.isInRange(text, isFloat) else {
            throw start.error(.value, "a number is out of range (\(isFloat ? "double" : "64 bits"))")
        }
    }

    private mutating func scanDigits() throws(DocumentError) {
        guard let first = byte, first &- UInt8(ascii: "0") <= 9 else { throw unexpected("a digit") }
        while let byte, byte &- UInt8(ascii: "0") <= 9 { offset += 1 }
    }

    private static func isInRange(_ text: Slice<UnsafeRawBufferPointer>, _ isFloat: Bool) -> Bool {
        // Up to 18 digits fit in any case.
        if !isFloat, text.count <= 18 { return true }
        let string = String(decoding: text, as: UTF8.self)
        if isFloat { return Double(string)?.isFinite ?? false }
        return Int64(string) != nil || UInt64(string) != nil
    }
}
