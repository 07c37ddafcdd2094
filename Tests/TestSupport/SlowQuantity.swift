import KubernetesTypes

/// A quantity computed the slow way, digit by digit as on paper: what the fast one is checked against.
package struct SlowQuantity {
    /// Digits of a number, the lowest first, without zeros at the end.
    package typealias Digits = [Int]

    package var isNegative = false
    package var whole = ""
    package var fraction: String?
    package var suffix = ""

    private static let binary = ["Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6]
    private static let decimal = ["n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18]

    /// How far below one the lowest digit of a computation lies: 99 places of an exponent and 63 of a fraction fit.
    private static let places = 180

    package var text: String { (isNegative ? "-" : "") + whole + (fraction.map { "." + $0 } ?? "") + suffix }

    package init(using generator: inout some RandomNumberGenerator) {
        let lengths = [1, 1, 2, 3, 4, 9, 10, 18, 19, 20, 28, 29, 30]
        isNegative = Int.random(in: 0..<4, using: &generator) == 0
        whole = Self.digits(Self.pick(lengths, &generator), using: &generator)
        if Bool.random(using: &generator) {
            fraction = Self.digits(Self.pick(lengths, &generator), using: &generator)
        }
        switch Int.random(in: 0..<5, using: &generator) {
        case 0, 1: suffix = Self.pick(Self.binary.keys.sorted(), &generator)
        case 2, 3: suffix = Self.pick(Self.decimal.keys.sorted(), &generator)
        default: suffix = "e" + String(Int.random(in: -99...99, using: &generator))
        }
        if text.utf8.count > Quantity.maximumLength { fraction = nil }
    }

    /// Reads a text by the grammar alone, whatever its length; nil where it is no quantity.
    package init?(_ text: String) {
        var rest = Substring(text)
        if rest.first == "-" || rest.first == "+" { isNegative = rest.removeFirst() == "-" }
        whole = Self.takeDigits(&rest)
        if rest.first == "." {
            rest.removeFirst()
            fraction = Self.takeDigits(&rest)
        }
        suffix = String(rest)
        guard Self.binary[suffix] != nil || exponent != nil else { return nil }
        // Where there is no digit, Go's fast path for small numbers makes a zero of it, and there alone.
        if (whole + (fraction ?? "")).isEmpty, let power = Self.binary[suffix] ?? exponent {
            guard Self.binary[suffix] != nil ? power < 5 : power >= -9 else { return nil }
        }
    }

    private static func takeDigits(_ rest: inout Substring) -> String {
        let digits = rest.unicodeScalars.prefix { ("0"..."9").contains($0) }
        rest = rest[digits.endIndex...]
        return String(digits)
    }

    /// The power of ten that the suffix stands for; nil for a binary one and for what is none.
    package var exponent: Int? {
        if let power = Self.decimal[suffix] { return power }
        guard suffix.first == "e" || suffix.first == "E" else { return nil }
        var digits = suffix.dropFirst()
        let isNegative = digits.first == "-"
        if isNegative || digits.first == "+" { digits.removeFirst() }
        guard !digits.isEmpty, digits.unicodeScalars.allSatisfy({ ("0"..."9").contains($0) }) else { return nil }
        return Int(digits).map { isNegative ? -$0 : $0 }
    }

    /// The digits of an exponent, leading zeros included; 0 without one.
    package var exponentDigits: Int {
        guard Self.decimal[suffix] == nil, exponent != nil else { return 0 }
        return suffix.unicodeScalars.count { ("0"..."9").contains($0) }
    }

    private static func pick<Elements: Collection>(
        _ elements: Elements, _ generator: inout some RandomNumberGenerator
    ) -> Elements.Element {
        elements[elements.index(elements.startIndex, offsetBy: Int.random(in: 0..<elements.count, using: &generator))]
    }

    private static func digits(_ count: Int, using generator: inout some RandomNumberGenerator) -> String {
        // Long runs of nines and zeros are where carries and boundaries lie.
        let alphabet = pick(["0123456789", "9", "0", "00000001", "89"], &generator)
        return String((0..<count).map { _ in pick(Array(alphabet), &generator) })
    }
}

// The arithmetic.
extension SlowQuantity {
    /// The distance from zero in units of 10⁻⁹, rounded up, and no more than 2⁶³−1 for a binary quantity.
    package var units: Digits {
        let result = exactUnits
        return isCapped(result) ? Self.capUnits : result
    }

    /// Whether it is a binary quantity of more than 2⁶³−1, which Go holds as that.
    package var isCapped: Bool { isCapped(exactUnits) }

    private func isCapped(_ units: Digits) -> Bool {
        Self.binary[suffix] != nil && Self.compare(units, Self.capUnits) > 0
    }

    private static let capUnits =
        Digits(repeating: 0, count: 9) + String(Int64.max).reversed().compactMap { $0.wholeNumberValue }

    private var exactUnits: Digits {
        var digits: Digits = (whole + (fraction ?? "")).reversed().compactMap { $0.wholeNumberValue }
        var shift = -(fraction ?? "").count
        if let power = Self.binary[suffix] {
            for _ in 0..<power { digits = Self.multiply(digits, by: 1024) }
        } else if let power = exponent {
            shift += power
        }
        digits = Digits(repeating: 0, count: max(0, Self.places + shift)) + digits
        return Self.roundUp(digits, dropping: Self.places - 9)
    }

    /// The value rounded away from zero.
    package var value: Int64? {
        let digits = Self.roundUp(units, dropping: 9)
        return Int64((isNegative ? "-" : "") + "0" + digits.reversed().map(String.init).joined())
    }

    /// -1, 0 or 1.
    package static func compare(_ left: SlowQuantity, _ right: SlowQuantity) -> Int {
        let (a, b) = (left.units, right.units)
        let (signA, signB) = (a.isEmpty ? 0 : left.isNegative ? -1 : 1, b.isEmpty ? 0 : right.isNegative ? -1 : 1)
        if signA != signB { return signA < signB ? -1 : 1 }
        return signA * compare(a, b)
    }

    private static func multiply(_ digits: Digits, by factor: Int) -> Digits {
        var carry = 0
        var result: Digits = []
        for digit in digits {
            carry += digit * factor
            result.append(carry % 10)
            carry /= 10
        }
        while carry > 0 {
            result.append(carry % 10)
            carry /= 10
        }
        return result
    }

    private static func roundUp(_ digits: Digits, dropping count: Int) -> Digits {
        var result = Digits(digits.dropFirst(count))
        if digits.prefix(count).contains(where: { $0 != 0 }) {
            var place = 0
            while place < result.count, result[place] == 9 {
                result[place] = 0
                place += 1
            }
            if place == result.count { result.append(1) } else { result[place] += 1 }
        }
        while result.last == 0 { result.removeLast() }
        return result
    }

    private static func compare(_ left: Digits, _ right: Digits) -> Int {
        if left.count != right.count { return left.count < right.count ? -1 : 1 }
        for (a, b) in zip(left.reversed(), right.reversed()) where a != b { return a < b ? -1 : 1 }
        return 0
    }
}
