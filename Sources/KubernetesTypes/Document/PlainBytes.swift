/// Looks for bytes that need care, eight at a time: nearly all text that is written needs none.
package enum PlainBytes {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The offset of the first byte from `start` on that is a control character, a quotation mark, a backslash or no
    /// ASCII; the count where there is none. A JSON string holds the bytes before it as they are.
    static func firstToEscape(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var offset = start
        let raw = UnsafeRawBufferPointer(bytes)
        while offset <= bytes.count - 8 {
            let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let found = word | below(0x20, word) | equal(0x22, word) | equal(0x5C, word)
            // Borrows make bytes above a found one doubtful, and the lowest is certain.
            if found & tops != 0 { break }
            offset += 8
        }
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0x80 { break }
            offset += 1
        }
        return offset
    }

    /// Whether all bytes are printable ASCII.
    package static func arePrintable(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var offset = 0
        let raw = UnsafeRawBufferPointer(bytes)
        while offset <= bytes.count - 8 {
            let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            if (word | below(0x20, word) | equal(0x7F, word)) & tops != 0 { return false }
            offset += 8
        }
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte < 0x20 || byte >= 0x7F { return false }
            offset += 1
        }
        return true
    }

    /// Whether all of the text is printable ASCII.
    static func arePrintable(_ text: String) -> Bool {
        text.utf8.withContiguousStorageIfAvailable(arePrintable) ?? text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    /// Sets the top bit of bytes that are less than the limit (at most 0x80), where no top bit is set in the word.
    @inline(__always)
    private static func below(_ limit: UInt64, _ word: UInt64) -> UInt64 { (word &- ones &* limit) & ~word }

    /// Sets the top bit of bytes that equal the value, likewise.
    @inline(__always)
    private static func equal(_ value: UInt64, _ word: UInt64) -> UInt64 {
        let difference = word ^ ones &* value
        return (difference &- ones) & ~difference
    }
}
