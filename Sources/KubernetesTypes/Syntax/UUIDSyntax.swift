/// Why a text is no canonical UUID. The spellings that only need to be rewritten carry the canonical one.
package enum UUIDError: Error, Equatable, Sendable {
    case empty
    /// Neither 36 bytes nor any other spelling of a UUID.
    case wrongLength(bytes: Int)
    /// A byte that is no hexadecimal digit, or no dash where one is due: its offset, and the character found.
    case badCharacter(at: Int, found: String)
    /// A UUID with uppercase digits.
    case uppercase(canonical: UUIDKey)
    /// 32 digits without dashes.
    case undashed(canonical: UUIDKey)
    /// In curly braces.
    case braced(canonical: UUIDKey)
    /// With `urn:uuid:` in front (RFC 9562, section 4).
    case urn(canonical: UUIDKey)

    /// The canonical spelling of what was meant, where that is certain.
    package var canonical: UUIDKey? {
        switch self {
        case .uppercase(let key), .undashed(let key), .braced(let key), .urn(let key): key
        case .empty, .wrongLength, .badCharacter: nil
        }
    }
}

extension UUIDError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "is empty: \(Self.allowed)"
        case .wrongLength(let bytes):
            "is \(bytes) bytes long, a UUID has \(UUIDSyntax.length): \(Self.allowed)"
        case .badCharacter(let offset, let found):
            "found \"\(found)\" at offset \(offset), where a "
                + (UUIDSyntax.isDash(offset) ? "dash" : "digit of 0-9 a-f") + " is expected: \(Self.allowed)"
        case .uppercase(let key): "has uppercase digits, and is matched byte by byte: write \"\(key)\""
        case .undashed(let key): "has no dashes, and is matched byte by byte: write \"\(key)\""
        case .braced(let key): "is in braces, and is matched byte by byte: write \"\(key)\""
        case .urn(let key): "is a URN, and is matched byte by byte: write \"\(key)\""
        }
    }

    private static let allowed =
        "a UUID is lowercase hexadecimal in groups of 8-4-4-4-12 digits, "
        + "for example \"4be04a2e-87e6-4ff2-b34b-2994ee1600ba\""
}

/// The spellings of a UUID.
enum UUIDSyntax {
    /// Bytes of the canonical form.
    static let length = 36
    /// The digits alone.
    private static let digits = 32
    private static let urnPrefix: StaticString = "urn:uuid:"

    static func isDash(_ offset: Int) -> Bool {
        offset == 8 || offset == 13 || offset == 18 || offset == 23
    }

    /// Reads 8-4-4-4-12 digits.
    static func dashed(_ text: Text, isUppercaseAllowed: Bool) -> UUIDKey? {
        guard text.count == length, let base = text.bytes.baseAddress else { return nil }
        let bytes = UnsafeRawBufferPointer(start: base, count: length)
        let dash = UInt8(ascii: "-")
        guard bytes[8] == dash, bytes[13] == dash, bytes[18] == dash, bytes[23] == dash,
            let first = HexDigits(bytes, 0, 4)?.value(isUppercaseAllowed),
            let second = HexDigits(bytes, 9, 14)?.value(isUppercaseAllowed),
            let third = HexDigits(bytes, 19, 24)?.value(isUppercaseAllowed),
            let fourth = HexDigits(bytes, 28, 32)?.value(isUppercaseAllowed)
        else { return nil }
        return UUIDKey(high: first &<< 32 | second, low: third &<< 32 | fourth)
    }

    static func undashed(_ text: Text) -> UUIDKey? {
        guard text.count == digits else { return nil }
        var words: (high: UInt64, low: UInt64) = (0, 0)
        for (index, byte) in text.bytes.enumerated() {
            guard let digit = ASCII.hexValue(byte) else { return nil }
            if index < digits / 2 {
                words.high = words.high << 4 | UInt64(digit)
            } else {
                words.low = words.low << 4 | UInt64(digit)
            }
        }
        return UUIDKey(high: words.high, low: words.low)
    }

    static func braced(_ text: Text) -> UUIDKey? {
        guard text.byte(at: 0) == UInt8(ascii: "{") else { return nil }
        guard text.byte(at: text.count - 1) == UInt8(ascii: "}") else { return nil }
        let inner = text.slice(1, text.count - 1)
        return dashed(inner, isUppercaseAllowed: true) ?? undashed(inner)
    }

    static func urn(_ text: Text) -> UUIDKey? {
        let prefix = urnPrefix.utf8CodeUnitCount
        guard text.count == prefix + length else { return nil }
        for offset in 0..<prefix {
            guard ASCII.lowercased(text.bytes[offset]) == urnPrefix.utf8Start[offset] else { return nil }
        }
        return dashed(text.slice(prefix, text.count), isUppercaseAllowed: true)
    }

    static func anySpelling(_ text: Text) -> UUIDKey? {
        dashed(text, isUppercaseAllowed: true) ?? undashed(text) ?? braced(text) ?? urn(text)
    }

    /// What is wrong with a text that is not canonical.
    static func fault(_ text: Text) -> UUIDError {
        if text.isEmpty { return .empty }
        if let key = dashed(text, isUppercaseAllowed: true) { return .uppercase(canonical: key) }
        if let key = undashed(text) { return .undashed(canonical: key) }
        if let key = braced(text) { return .braced(canonical: key) }
        if let key = urn(text) { return .urn(canonical: key) }
        guard text.count == length else { return .wrongLength(bytes: text.count) }
        for (offset, byte) in text.bytes.enumerated() {
            let isExpected = isDash(offset) ? byte == UInt8(ascii: "-") : ASCII.hexValue(byte) != nil
            if !isExpected { return .badCharacter(at: offset, found: text.character(at: offset)) }
        }
        return .wrongLength(bytes: text.count)
    }
}

/// Eight hexadecimal digits in one word, the first in its highest byte: a UUID has four such, and admission reads one for
/// each flavor and Node, so they are read eight at a time.
private struct HexDigits {
    private let word: UInt64

    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Four bytes from each of two offsets; nil where there are not as many.
    @inline(__always)
    init?(_ bytes: UnsafeRawBufferPointer, _ first: Int, _ second: Int) {
        guard first >= 0, second >= 0, first <= bytes.count - 4, second <= bytes.count - 4 else { return nil }
        let high = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: first, as: UInt32.self))
        let low = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: second, as: UInt32.self))
        word = UInt64(high) &<< 32 | UInt64(low)
    }

    /// The 32 bits that the digits stand for; nil where a byte is no digit.
    @inline(__always)
    func value(_ isUppercaseAllowed: Bool) -> UInt64? {
        let ones = Self.ones
        // Bit 6 tells a letter (0x41…, 0x61…) from a digit (0x30…); bit 5 makes a letter lowercase.
        let text = isUppercaseAllowed ? word | (word & (ones &<< 6)) &>> 1 : word
        let isLetter = text &>> 6 & ones
        let low = text & 0x0F0F_0F0F_0F0F_0F0F
        // The upper half is 3 for a digit and 6 for a letter; the lower 0 to 9, and 1 to 6.
        let upper = (text & 0xF0F0_F0F0_F0F0_F0F0) ^ (ones &* 0x30 &+ isLetter &* 0x30)
        let tooLarge = (low &+ ones &* 6 &+ isLetter &* 3) & (ones &<< 4)
        let tooSmall = ((low | ones &<< 4) &- isLetter) & (ones &<< 4) ^ (ones &<< 4)
        guard upper | tooLarge | tooSmall == 0 else { return nil }
        var value = low &+ isLetter &* 9
        value = (value | value &>> 4) & 0x00FF_00FF_00FF_00FF
        value = (value | value &>> 8) & 0x0000_FFFF_0000_FFFF
        return (value | value &>> 16) & 0xFFFF_FFFF
    }
}
