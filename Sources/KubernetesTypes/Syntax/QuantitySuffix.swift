/// What follows the number of a quantity: the power it is multiplied by.
struct QuantitySuffix {
    let format: Quantity.Format
    /// Of two for `binarySI`, of ten otherwise.
    let exponent: Int
    /// Offset of the suffix in the text.
    let start: Int

    init(_ text: Text, _ number: QuantityNumber) throws(QuantityError) {
        start = number.end
        switch text.count - number.end {
        case 0:
            (format, exponent) = (.decimalSI, 0)
            return
        case 1:
            if let power = Self.decimalPower(text.bytes[number.end]) {
                (format, exponent) = (.decimalSI, power)
                return
            }
        case 2:
            if text.bytes[number.end + 1] == 0x69, let power = Self.binaryPower(text.bytes[number.end]) {
                (format, exponent) = (.binarySI, power)
                return
            }
        default: break
        }
        guard let power = try Self.decimalExponent(text, at: number.end) else { throw Self.fault(text, number) }
        (format, exponent) = (.decimalExponent, power)
    }

    static func decimalPower(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "n"): -9
        case UInt8(ascii: "u"): -6
        case UInt8(ascii: "m"): -3
        case UInt8(ascii: "k"): 3
        case UInt8(ascii: "M"): 6
        case UInt8(ascii: "G"): 9
        case UInt8(ascii: "T"): 12
        case UInt8(ascii: "P"): 15
        case UInt8(ascii: "E"): 18
        default: nil
        }
    }

    static func binaryPower(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "K"): 10
        case UInt8(ascii: "M"): 20
        case UInt8(ascii: "G"): 30
        case UInt8(ascii: "T"): 40
        case UInt8(ascii: "P"): 50
        case UInt8(ascii: "E"): 60
        default: nil
        }
    }

    /// The exponent at `start`, which takes up the rest of the text; nil where there is none.
    private static func decimalExponent(_ text: Text, at start: Int) throws(QuantityError) -> Int? {
        let bytes = text.bytes
        guard bytes[start] | 0x20 == UInt8(ascii: "e") else { return nil }
        var offset = start + 1
        let sign = text.byte(at: offset)
        if sign == 0x2D || sign == 0x2B { offset += 1 }
        let first = offset
        var power = 0
        while offset < bytes.count, ASCII.isDigit(bytes[offset]) {
            // Too long an exponent is refused below; what it wraps to is never used.
            power = power &* 10 &+ Int(bytes[offset] &- 0x30)
            offset += 1
        }
        if offset == first {
            // A letter makes it a suffix that does not exist; the sign, or nothing, an exponent without a number.
            if let next = text.byte(at: offset), ASCII.isLetter(next) { return nil }
            throw .exponentNotInteger(shown(text, from: start))
        }
        if text.byte(at: offset) == UInt8(ascii: ".") { throw .exponentNotInteger(shown(text, from: start)) }
        if offset < bytes.count { throw .trailing(shown(text, from: offset), at: offset) }
        guard offset - first <= Quantity.maximumExponentDigits else {
            throw .exponentTooLong(shown(text, from: start))
        }
        return sign == 0x2D ? -power : power
    }

    /// What is wrong with a rest that is no suffix.
    private static func fault(_ text: Text, _ number: QuantityNumber) -> QuantityError {
        let bytes = text.bytes
        var end = number.end
        while end < bytes.count, ASCII.isLetter(bytes[end]) { end += 1 }
        let isSecondPoint = bytes[number.end] == UInt8(ascii: ".")
        if !number.hasDigits || isSecondPoint {
            return .notANumber(at: number.end, found: text.character(at: number.end))
        }
        guard end > number.end else { return .trailing(shown(text, from: end), at: end) }
        let letters = text.slice(number.end, end)
        let isSuffix =
            letters.count == 1
            ? decimalPower(bytes[number.end]) != nil
            : letters.count == 2 && bytes[number.end + 1] == 0x69 && binaryPower(bytes[number.end]) != nil
        return isSuffix
            ? .trailing(shown(text, from: end), at: end) : .unknownSuffix(shown(text, from: number.end))
    }

    /// The rest of the text, as an error quotes it.
    private static func shown(_ text: Text, from start: Int) -> String {
        PrintableText.escaped(text.slice(start, text.count), limit: shownLength)
    }

    /// A suffix has two letters; a few more show what was meant.
    private static let shownLength = 24
}
