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
        guard text.count == length else { return nil }
        let bytes = text.bytes
        let dash = UInt8(ascii: "-")
        guard bytes[8] == dash, bytes[13] == dash, bytes[18] == dash, bytes[23] == dash else { return nil }
        var words: (high: UInt64, low: UInt64) = (0, 0)
        // Setting this bit makes a letter lowercase.
        let folded: UInt8 = isUppercaseAllowed ? 0x20 : 0
        guard read(bytes[0..<8], folded, &words.high), read(bytes[9..<13], folded, &words.high),
            read(bytes[14..<18], folded, &words.high), read(bytes[19..<23], folded, &words.low),
            read(bytes[24..<36], folded, &words.low)
        else { return nil }
        return UUIDKey(high: words.high, low: words.low)
    }

    @inline(__always)
    private static func read(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ folded: UInt8, _ word: inout UInt64) -> Bool
    {
        for byte in bytes {
            let digit = byte &- UInt8(ascii: "0")
            let letter = (byte | folded) &- UInt8(ascii: "a")
            if digit < 10 {
                word = word &<< 4 | UInt64(digit)
            } else if letter < 6 {
                word = word &<< 4 | UInt64(letter &+ 10)
            } else {
                return false
            }
        }
        return true
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
