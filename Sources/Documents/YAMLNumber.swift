internal import KubernetesTypes

/// The numbers among plain YAML scalars.
///
/// ```
/// number   = [sign] ( decimal | "0x" hex+ | "0o" octal+ | "0b" bit+ | "0" octal* )      ; integer, in 64 bits
///          | [sign] ( "." digit+ | digit+ [ "." digit* ] ) [ ("e" | "E") [sign] digit+ ] ; float
///          | "0b" [sign] bit+
/// ```
/// `_` may stand anywhere after the first character and means nothing. An integer that 64 bits do not hold is tried as
/// a float, which hexadecimal, octal and binary ones never are; a float out of range is a string.
enum YAMLNumber {
    /// Resolves a scalar that starts with a digit or a sign.
    static func resolve(_ text: Text) -> YAMLScalar {
        if let simple = shortDecimal(text) { return .int(simple) }
        guard text.bytes.contains(UInt8(ascii: "_")) else { return resolvePlain(text.bytes) }
        let bytes = text.bytes.filter { $0 != UInt8(ascii: "_") }
        return bytes.withUnsafeBufferPointer(resolvePlain)
    }

    /// Decimal integers as nearly all are written: few digits, no sign, no leading zero.
    private static func shortDecimal(_ text: Text) -> Int64? {
        guard text.count <= 18, text.byte(at: 0) != UInt8(ascii: "0") || text.count == 1 else { return nil }
        var value: Int64 = 0
        for byte in text.bytes {
            let digit = byte &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return value
    }

    private static func resolvePlain(_ text: UnsafeBufferPointer<UInt8>) -> YAMLScalar {
        if let integer = integer(text) { return integer }
        if isDecimalFloat(text[...]), let value = double(text) { return .double(value) }
        return oddBinary(text) ?? .string
    }

    /// A sign and what follows it.
    private static func splitSign(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> (
        sign: UInt8?, rest: Slice<UnsafeBufferPointer<UInt8>>
    ) {
        guard let first = text.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") else {
            return (nil, text)
        }
        return (first, text.dropFirst())
    }

    private static func integer(_ text: UnsafeBufferPointer<UInt8>) -> YAMLScalar? {
        let (sign, unsigned) = splitSign(text[...])
        var digits = unsigned
        var radix: UInt64 = 10
        if digits.first == UInt8(ascii: "0") {
            let marker = digits.dropFirst().first.map { $0 | 0x20 }
            switch marker {
            case UInt8(ascii: "b") where digits.count >= 3: (radix, digits) = (2, digits.dropFirst(2))
            case UInt8(ascii: "o") where digits.count >= 3: (radix, digits) = (8, digits.dropFirst(2))
            case UInt8(ascii: "x") where digits.count >= 3: (radix, digits) = (16, digits.dropFirst(2))
            // A lone zero has no digits left, and is 0.
            default: return value(sign, magnitude(digits.dropFirst(), radix: 8, orNone: 0))
            }
        }
        return value(sign, magnitude(digits, radix: radix, orNone: nil))
    }

    private static func magnitude(
        _ digits: Slice<UnsafeBufferPointer<UInt8>>, radix: UInt64, orNone none: UInt64?
    ) -> UInt64? {
        guard !digits.isEmpty else { return none }
        var value: UInt64 = 0
        for byte in digits {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            guard UInt64(digit) < radix else { return nil }
            let (product, tooLarge) = value.multipliedReportingOverflow(by: radix)
            let (sum, tooLargeSum) = product.addingReportingOverflow(UInt64(digit))
            guard !tooLarge, !tooLargeSum else { return nil }
            value = sum
        }
        return value
    }

    /// A signed integer has 63 bits; only one without a sign may use the 64th.
    private static func value(_ sign: UInt8?, _ magnitude: UInt64?) -> YAMLScalar? {
        guard let magnitude else { return nil }
        if sign == UInt8(ascii: "-") {
            guard magnitude <= UInt64(Int64.max) + 1 else { return nil }
            return .int(Int64(truncatingIfNeeded: 0 &- magnitude))
        }
        if let int = Int64(exactly: magnitude) { return .int(int) }
        return sign == nil ? .unsigned(magnitude) : nil
    }

    /// `0b-101`: a sign after the prefix, which go-yaml's own code for binary numbers lets through.
    private static func oddBinary(_ text: UnsafeBufferPointer<UInt8>) -> YAMLScalar? {
        guard text.count >= 3, text[0] == UInt8(ascii: "0"), text[1] == UInt8(ascii: "b") else { return nil }
        let (sign, digits) = splitSign(text[2...])
        return sign == nil ? nil : value(sign, magnitude(digits, radix: 2, orNone: nil))
    }

    private static func isDecimalFloat(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var rest = splitSign(text).rest
        let whole = rest.prefix(while: isDigit).count
        rest = rest.dropFirst(whole)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit).count
            guard whole > 0 || fraction > 0 else { return false }
            rest = rest.dropFirst(1 + fraction)
        } else if whole == 0 {
            return false
        }
        guard let mark = rest.first else { return true }
        guard mark | 0x20 == UInt8(ascii: "e") else { return false }
        let exponent = splitSign(rest.dropFirst()).rest
        return !exponent.isEmpty && exponent.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

    /// The nearest double, or nil where it overflows. The text was checked to be a decimal float.
    private static func double(_ text: some Collection<UInt8>) -> Double? {
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// Resolves a scalar that starts with a point: only a float can be meant, and here `_` stands between digits only.
    static func resolveFraction(_ text: Text) -> YAMLScalar {
        let bytes = text.bytes
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "_") {
            guard let next = text.byte(at: offset + 1), let previous = text.byte(at: offset - 1) else { return .string }
            // Several in a row are no more allowed than one at an end.
            guard isDigit(previous), isDigit(next) else { return .string }
        }
        let plain = bytes.filter { $0 != UInt8(ascii: "_") }
        return plain.withUnsafeBufferPointer { plain in
            guard isDecimalFloat(plain[...]), let value = double(plain) else { return .string }
            return .double(value)
        }
    }
}
