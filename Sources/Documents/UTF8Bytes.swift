/// UTF-8 at the level of bytes.
///
/// ```
/// 00-7F
/// C2-DF 80-BF
/// E0 A0-BF 80-BF | E1-EC 80-BF 80-BF | ED 80-9F 80-BF | EE-EF 80-BF 80-BF
/// F0 90-BF 80-BF 80-BF | F1-F3 80-BF 80-BF 80-BF | F4 80-8F 80-BF 80-BF
/// ```
/// The Unicode Standard, table 3-7.
enum UTF8Bytes {
    /// The length of the well-formed character at `offset`, or 0 where there is none.
    static func length(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        guard offset >= 0, offset < bytes.count else { return 0 }
        let second: ClosedRange<UInt8>
        let length: Int
        switch bytes[offset] {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard offset + length <= bytes.count, second.contains(bytes[offset + 1]) else { return 0 }
        for index in offset + 2..<max(offset + 2, offset + length) where bytes[index] & 0xC0 != 0x80 { return 0 }
        return length
    }

    /// The bytes with U+FFFD in place of each one that is part of no character, as Go's JSON encoder replaces them.
    static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { bytes in
            var result: [UInt8] = []
            result.reserveCapacity(bytes.count)
            var offset = 0
            while offset < bytes.count {
                let length = length(in: bytes, at: offset)
                if length == 0 {
                    result += [0xEF, 0xBF, 0xBD]
                } else {
                    result += bytes[offset..<offset + length]
                }
                offset += max(1, length)
            }
            return result
        }
    }
}
