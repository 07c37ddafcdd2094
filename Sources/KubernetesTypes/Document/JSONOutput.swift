/// Appends JSON to bytes, for answers that are written once and never read back here.
extension [UInt8] {
    /// Appends text that is JSON already, such as keys and punctuation.
    @inlinable
    package mutating func append(json literal: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Appends a string's bytes as they are.
    package mutating func append(utf8 string: String) {
        if string.utf8.withContiguousStorageIfAvailable({ append(contentsOf: $0) }) == nil {
            append(contentsOf: string.utf8)
        }
    }

    /// Appends a string, quoted and escaped (RFC 8259, section 7).
    package mutating func append(jsonString string: String) {
        var copy = string
        copy.withUTF8 { append(jsonString: $0) }
    }

    /// Appends a string of a document, quoted and escaped.
    package mutating func append(jsonString text: Text) {
        append(jsonString: text.bytes)
    }

    /// Appends UTF-8 text, quoted and escaped. Besides what JSON asks for, the line separators U+2028 and U+2029 are
    /// escaped, as Go does, since JavaScript took them for line ends.
    package mutating func append(jsonString bytes: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        // Runs of bytes that need no escape are copied at once.
        var start = 0
        var offset = PlainBytes.firstToEscape(in: bytes, from: 0)
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<offset]))
                append(jsonEscapeOf: byte)
                start = offset + 1
            // The separators are E2 80 A8 and E2 80 A9.
            case 0xA8, 0xA9:
                guard offset - start >= 2, bytes[offset - 1] == 0x80, bytes[offset - 2] == 0xE2 else { break }
                append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<offset - 2]))
                append(json: byte == 0xA8 ? #"\u2028"# : #"\u2029"#)
                start = offset + 1
            default: break
            }
            offset = PlainBytes.firstToEscape(in: bytes, from: offset + 1)
        }
        append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
        append(UInt8(ascii: "\""))
    }

    /// Appends a string of unknown origin to JSON that a terminal may show: what `PrintableText` calls unsafe is escaped by
    /// JSON's own means, so that who decodes it gets the string itself.
    package mutating func append(printableJSONString string: String) {
        if PlainBytes.arePrintable(string) { return append(jsonString: string) }
        append(UInt8(ascii: "\""))
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\": append(jsonEscapeOf: UInt8(ascii: scalar))
            case _ where PrintableText.isSafe(scalar): append(contentsOf: String(scalar).utf8)
            default:
                for unit in String(scalar).utf16 {
                    append(json: #"\u"#)
                    for shift in stride(from: UInt16(12), through: 0, by: -4) {
                        append(ASCII.hexDigit(UInt8(truncatingIfNeeded: unit &>> shift)))
                    }
                }
            }
        }
        append(UInt8(ascii: "\""))
    }

    /// As above, for a string of a document. It allocates nothing where the string is harmless.
    package mutating func append(printableJSONString text: Text) {
        if PlainBytes.arePrintable(text.bytes) { return append(jsonString: text) }
        append(printableJSONString: String(text))
    }

    private mutating func append(jsonEscapeOf byte: UInt8) {
        switch byte {
        case 0x08: append(json: #"\b"#)
        case 0x09: append(json: #"\t"#)
        case 0x0A: append(json: #"\n"#)
        case 0x0C: append(json: #"\f"#)
        case 0x0D: append(json: #"\r"#)
        case 0..<0x20:
            append(json: #"\u00"#)
            append(ASCII.hexDigit(byte &>> 4))
            append(ASCII.hexDigit(byte))
        default:
            append(UInt8(ascii: "\\"))
            append(byte)
        }
    }

    package mutating func append(jsonInteger value: some BinaryInteger) {
        guard let small = UInt(exactly: value) else {
            append(utf8: String(value))
            return
        }
        var divisor: UInt = 1
        while small / divisor >= 10 { divisor &*= 10 }
        while divisor > 0 {
            append(UInt8(truncatingIfNeeded: 0x30 + small / divisor % 10))
            divisor /= 10
        }
    }

    package mutating func append(jsonBool value: Bool) {
        append(json: value ? "true" : "false")
    }

    /// Appends an array, each item by `appendItem`.
    package mutating func append<Item>(
        jsonArray items: some Sequence<Item>, _ appendItem: (inout [UInt8], Item) -> Void
    ) {
        append(UInt8(ascii: "["))
        appendSeparated(items, appendItem)
        append(UInt8(ascii: "]"))
    }

    /// Appends an object, the value of each field by `appendValue`.
    package mutating func append<Content>(
        jsonObject fields: some Sequence<(key: String, value: Content)>, _ appendValue: (inout [UInt8], Content) -> Void
    ) {
        append(UInt8(ascii: "{"))
        appendSeparated(fields) { output, field in
            output.append(jsonString: field.key)
            output.append(UInt8(ascii: ":"))
            appendValue(&output, field.value)
        }
        append(UInt8(ascii: "}"))
    }

    private mutating func appendSeparated<Item>(
        _ items: some Sequence<Item>, _ appendItem: (inout [UInt8], Item) -> Void
    ) {
        var isFirst = true
        for item in items {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            appendItem(&self, item)
        }
    }
}
