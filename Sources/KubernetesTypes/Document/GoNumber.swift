/// Floating-point numbers in the forms that Go's standard library writes, which are the ones users see in every other
/// tool of Kubernetes.
package enum GoNumber {
    /// The shortest decimal digits that give the number back: `digits` × 10^(`point` − number of digits).
    struct Decimal {
        var isNegative: Bool
        /// ASCII, without leading or trailing zeros; "0" for zero.
        var digits: [UInt8]
        /// How many digits stand before the decimal point; may be negative.
        var point: Int
    }

    /// Takes apart what Swift writes, which has the same shortest digits in another layout.
    static func decimal(of description: String) -> Decimal {
        var result = Decimal(isNegative: false, digits: [], point: 0)
        var exponent = 0
        var isFraction = false
        var bytes = Array(description.utf8)[...]
        if bytes.first == UInt8(ascii: "-") {
            result.isNegative = true
            bytes = bytes.dropFirst()
        }
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                result.digits.append(byte)
                if !isFraction { result.point += 1 }
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                exponent = Int(String(decoding: bytes, as: UTF8.self)) ?? 0
                bytes = []
            default: break
            }
        }
        result.point += exponent
        let zeros = result.digits.prefix { $0 == UInt8(ascii: "0") }.count
        result.digits.removeFirst(zeros)
        result.point -= zeros
        while result.digits.last == UInt8(ascii: "0") { result.digits.removeLast() }
        if result.digits.isEmpty { (result.digits, result.point) = ([UInt8(ascii: "0")], 1) }
        return result
    }

    /// As `encoding/json` writes a float64: plain digits, but an exponent below 1e-6 and from 1e21 on.
    package static func json(_ value: Double) -> String {
        let decimal = decimal(of: value.description)
        let magnitude = value.magnitude
        if magnitude != 0, magnitude < 1e-6 || magnitude >= 1e21 { return exponential(decimal, exponentDigits: 1) }
        return plain(decimal)
    }

    /// As `strconv.FormatFloat(value, 'g', -1, 32)`: what sigs.k8s.io/yaml makes of a float that is a key.
    package static func shortSingle(_ value: Double) -> String {
        let single = Float(value)
        if single.isNaN { return ".nan" }
        if single.isInfinite { return single < 0 ? "-.inf" : ".inf" }
        let decimal = decimal(of: single.description)
        let exponent = decimal.point - 1
        let isExtreme = exponent < -4 || exponent >= 6
        return isExtreme && value != 0 ? exponential(decimal, exponentDigits: 2) : plain(decimal)
    }

    private static func plain(_ decimal: Decimal) -> String {
        var text: [UInt8] = decimal.isNegative ? [UInt8(ascii: "-")] : []
        let zero = UInt8(ascii: "0")
        if decimal.point <= 0 {
            text += [zero, UInt8(ascii: ".")] + Array(repeating: zero, count: -decimal.point) + decimal.digits
        } else if decimal.point >= decimal.digits.count {
            text += decimal.digits + Array(repeating: zero, count: decimal.point - decimal.digits.count)
        } else {
            text += decimal.digits.prefix(decimal.point) + [UInt8(ascii: ".")] + decimal.digits.dropFirst(decimal.point)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func exponential(_ decimal: Decimal, exponentDigits: Int) -> String {
        var text: [UInt8] = decimal.isNegative ? [UInt8(ascii: "-")] : []
        text += decimal.digits.prefix(1)
        if decimal.digits.count > 1 { text += [UInt8(ascii: ".")] + decimal.digits.dropFirst() }
        let exponent = decimal.point - 1
        var digits = String(exponent.magnitude)
        while digits.utf8.count < exponentDigits { digits = "0" + digits }
        return String(decoding: text, as: UTF8.self) + (exponent < 0 ? "e-" : "e+") + digits
    }

    /// What a reader of JSON finds where this number was written.
    package enum Read: Equatable {
        case int(Int64)
        /// Above Int64's range.
        case unsigned(UInt64)
        case double
    }

    /// Reads the number as it stands in JSON: without fraction and exponent it is an integer, of the digits written, which
    /// from 2^53 on are rounded ones.
    package static func integer(_ value: Double) -> Read {
        guard value.magnitude < 1e21, value.rounded(.towardZero) == value else { return .double }
        if value.magnitude < 9_007_199_254_740_992, let int = Int64(exactly: value) { return .int(int) }
        let text = plain(decimal(of: value.description))
        if let int = Int64(text) { return .int(int) }
        return UInt64(text).map { .unsigned($0) } ?? .double
    }
}
