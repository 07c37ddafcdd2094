/// Base64 in the standard alphabet, with padding: how Kubernetes writes the data of a Secret and of a kubeconfig.
///
/// Line breaks are skipped wherever they stand, as Go's `base64.StdEncoding` skips them; nothing else is. As there, bits
/// of the last group that no byte holds may have any value: what the API server accepts must be readable here.
///
/// Source: RFC 4648, section 4.
package enum Base64 {
    package static func decode(_ text: Text) throws(Base64Error) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count / 4 * 3 + 3)
        var group: UInt32 = 0
        var filled = 0
        var padding = 0
        for (offset, byte) in text.bytes.enumerated() {
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { continue }
            // After the padding nothing may follow.
            let isComplete = padding > 0 && filled + padding == 4
            if byte == UInt8(ascii: "="), !isComplete, filled >= 2 {
                padding += 1
                continue
            }
            guard padding == 0, let value = value(byte) else {
                throw .badCharacter(at: offset, found: text.character(at: offset))
            }
            group = group << 6 | value
            filled += 1
            if filled == 4 {
                append(group, count: 3, to: &result)
                (group, filled) = (0, 0)
            }
        }
        guard filled > 0 else { return result }
        guard filled + padding == 4 else { throw .incomplete }
        append(group << (6 * UInt32(padding)), count: filled - 1, to: &result)
        return result
    }

    package static func decode(_ string: String) throws(Base64Error) -> [UInt8] {
        try string.withText { text throws(Base64Error) in try decode(text) }
    }

    package static func encode(_ bytes: [UInt8]) -> String {
        String(decoding: digits(of: bytes), as: UTF8.self)
    }

    /// Appends the text of the bytes.
    package static func append(_ bytes: [UInt8], to result: inout [UInt8]) {
        result.append(contentsOf: digits(of: bytes))
    }

    private static func digits(of bytes: [UInt8]) -> [UInt8] {
        let length = (bytes.count + 2) / 3 * 4
        return [UInt8](unsafeUninitializedCapacity: length) { digits, count in
            var offset = 0
            while offset < bytes.count {
                let left = bytes.count - offset
                let second = left > 1 ? UInt32(bytes[offset + 1]) : 0
                let third = left > 2 ? UInt32(bytes[offset + 2]) : 0
                let group = UInt32(bytes[offset]) &<< 16 | second &<< 8 | third
                for index in 0..<4 {
                    let digit = alphabet.utf8Start[Int(group &>> UInt32(18 - 6 * index)) & 0x3F]
                    digits[count + index] = index > left ? UInt8(ascii: "=") : digit
                }
                count += 4
                offset += 3
            }
        }
    }

    private static var alphabet: StaticString { "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/" }

    /// The first `count` bytes of a group of 24 bits.
    private static func append(_ group: UInt32, count: Int, to result: inout [UInt8]) {
        for index in 0..<count { result.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * index))) }
    }

    @inline(__always)
    private static func value(_ byte: UInt8) -> UInt32? {
        if ASCII.isUpper(byte) { return UInt32(byte - 0x41) }
        if ASCII.isLower(byte) { return UInt32(byte - 0x61 + 26) }
        if ASCII.isDigit(byte) { return UInt32(byte - 0x30 + 52) }
        if byte == UInt8(ascii: "+") { return 62 }
        return byte == UInt8(ascii: "/") ? 63 : nil
    }
}

/// Why a text is no Base64.
package enum Base64Error: Error, Equatable, Sendable {
    /// A character outside of the alphabet, padding where none is due, or anything after the padding.
    case badCharacter(at: Int, found: String)
    /// The text ends inside of a group of four characters.
    case incomplete
}

extension Base64Error: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badCharacter(let offset, let found): "has \"\(found)\" at offset \(offset): \(Self.allowed)"
        case .incomplete: "ends inside of a group of four characters: \(Self.allowed)"
        }
    }

    private static let allowed =
        "base64 has A-Z, a-z, 0-9, \"+\" and \"/\", and \"=\" at its end up to a multiple of four"
}
