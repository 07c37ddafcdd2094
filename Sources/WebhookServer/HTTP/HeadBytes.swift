import KubernetesTypes

/// Which bytes may stand where in a request.
enum HeadBytes {
    /// The first byte at or after `start` that is below 0x20 or 0x7F; `end` if there is none. Eight bytes at a time.
    static func firstControl(in bytes: UnsafeRawBufferPointer, from start: Int, to end: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highBits = ones &* 0x80
        var index = start
        while index &+ 8 <= end {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            let delete = word ^ (ones &* 0x7F)
            // The lowest of the marks is exact, whatever a borrow does to those above it.
            let marks = ((word &- ones &* 0x20) & ~word | (delete &- ones) & ~delete) & highBits
            if marks != 0 { return index &+ marks.trailingZeroBitCount / 8 }
            index &+= 8
        }
        while index < end {
            let byte = bytes[index]
            if byte < 0x20 || byte == 0x7F { return index }
            index &+= 1
        }
        return end
    }

    /// A character of a token (RFC 9110, 5.6.2): of a header's name.
    static func isToken(_ byte: UInt8) -> Bool {
        // Bit n is character n, below 64 and from 64 on.
        let low: UInt64 = 0x03FF_6CFA_0000_0000
        let high: UInt64 = 0x57FF_FFFF_C7FF_FFFE
        return byte < 0x80 && ((byte < 0x40 ? low : high) &>> UInt64(byte & 0x3F)) & 1 == 1
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
}

extension Text {
    /// Compares ASCII letters without regard to case. `other` must be lowercase.
    func isEqual(ignoringCaseTo other: StaticString) -> Bool {
        guard count == other.utf8CodeUnitCount else { return false }
        return isEqual(ignoringCaseTo: other.utf8Start)
    }

    private func isEqual(ignoringCaseTo other: UnsafePointer<UInt8>) -> Bool {
        for (index, byte) in bytes.enumerated() {
            let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
            if lower != other[index] { return false }
        }
        return true
    }

    /// Whether it is a comma-separated list that holds an element, letters' case aside (RFC 9110, 5.6.1).
    func hasElement(_ element: StaticString) -> Bool {
        var start = 0
        while start <= count {
            var end = start
            while end < count, bytes[end] != 0x2C { end += 1 }
            if Text(base: bytes.baseAddress.map { $0 + start } ?? element.utf8Start, count: end - start).trimmed
                .isEqual(ignoringCaseTo: element)
            {
                return true
            }
            start = end + 1
        }
        return false
    }

    /// Without white space at its ends.
    var trimmed: Text {
        var start = 0
        var end = count
        while start < end, HeadBytes.isBlank(bytes[start]) { start += 1 }
        while end > start, HeadBytes.isBlank(bytes[end - 1]) { end -= 1 }
        return dropFirst(start).prefix(end - start)
    }

    /// At most its first bytes.
    func prefix(_ length: Int) -> Text {
        dropLast(count - min(max(0, length), count))
    }

    private func dropLast(_ length: Int) -> Text {
        guard let base = bytes.baseAddress else { return self }
        return Text(base: base, count: count - length)
    }
}
