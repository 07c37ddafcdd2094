/// Appends JSON to bytes, for answers that are written once and never read back here.
extension [UInt8] {
    /// Appends text that is JSON already, such as keys and punctuation.
    @inlinable
    package mutating func append(json literal: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
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

    /// Appends UTF-8 text, quoted and escaped.
    package mutating func append(jsonString bytes: UnsafeBufferPointer<UInt8>) {
        append(UInt8(ascii: "\""))
        // Runs of bytes that need no escape are copied at once.
        var start = 0
        for (offset, byte) in bytes.enumerated()
        where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
            append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<offset]))
            if byte < 0x20 {
                append(json: "\\u00")
                append(Self.hexDigit(byte >> 4))
                append(Self.hexDigit(byte & 0xF))
            } else {
                append(UInt8(ascii: "\\"))
                append(byte)
            }
            start = offset + 1
        }
        append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start...]))
        append(UInt8(ascii: "\""))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }

    package mutating func append(jsonInteger value: some BinaryInteger) {
        append(contentsOf: String(value).utf8)
    }

    package mutating func append(jsonBool value: Bool) {
        append(json: value ? "true" : "false")
    }

    /// Appends an array, each item by `appendItem`.
    package mutating func append<Item>(
        jsonArray items: some Sequence<Item>, _ appendItem: (inout [UInt8], Item) -> Void
    ) {
        append(UInt8(ascii: "["))
        var isFirst = true
        for item in items {
            if !isFirst { append(UInt8(ascii: ",")) }
            isFirst = false
            appendItem(&self, item)
        }
        append(UInt8(ascii: "]"))
    }
}
