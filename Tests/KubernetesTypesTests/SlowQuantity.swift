import KubernetesTypes

/// A quantity computed the slow way, digit by digit as on paper: what the fast one is checked against.
struct SlowQuantity {
    /// Digits of a number, the lowest first, without zeros at the end.
    typealias Digits = [Int]

    var isNegative = false
    var whole = ""
    var fraction: String?
    var suffix = ""

    static let binary = ["Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6]
    static let decimal = ["n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18]

    /// How far below one the lowest digit of a computation lies: 99 places of an exponent and 63 of a fraction fit.
    private static let places = 180

    var text: String { (isNegative ? "-" : "") + whole + (fraction.map { "." + $0 } ?? "") + suffix }

    init(using generator: inout FixedGenerator) {
        let lengths = [1, 1, 2, 3, 4, 9, 10, 18, 19, 20, 28, 29, 30]
        isNegative = Int.random(in: 0..<4, using: &generator) == 0
        whole = Self.digits(generator.pick(lengths), using: &generator)
        if Bool.random(using: &generator) { fraction = Self.digits(generator.pick(lengths), using: &generator) }
        switch Int.random(in: 0..<5, using: &generator) {
        case 0, 1: suffix = generator.pick(Self.binary.keys.sorted())
        case 2, 3: suffix = generator.pick(Self.decimal.keys.sorted())
        default: suffix = "e" + String(Int.random(in: -99...99, using: &generator))
        }
        if text.utf8.count > Quantity.maximumLength { fraction = nil }
    }

    private static func digits(_ count: Int, using generator: inout FixedGenerator) -> String {
        // Long runs of nines and zeros are where carries and boundaries lie.
        let alphabet = generator.pick(["0123456789", "9", "0", "00000001", "89"])
        return String((0..<count).map { _ in generator.pick(Array(alphabet)) })
    }

    /// The distance from zero in units of 10⁻⁹, rounded up, and no more than 2⁶³−1 for a binary quantity.
    var units: Digits {
        var digits: Digits = (whole + (fraction ?? "")).reversed().compactMap { $0.wholeNumberValue }
        var exponent = -(fraction ?? "").count
        if let power = Self.binary[suffix] {
            for _ in 0..<power { digits = Self.multiply(digits, by: 1024) }
        } else if let power = Self.decimal[suffix] ?? Int(suffix.dropFirst()) {
            exponent += power
        }
        digits = Digits(repeating: 0, count: Self.places + exponent) + digits
        let result = Self.roundUp(digits, dropping: Self.places - 9)
        let cap = Self.roundUp(String(Int64.max).reversed().compactMap { $0.wholeNumberValue }, dropping: 0)
        let capUnits = Digits(repeating: 0, count: 9) + cap
        return Self.binary[suffix] != nil && Self.compare(result, capUnits) > 0 ? capUnits : result
    }

    /// The value rounded away from zero.
    var value: Int64? {
        let digits = Self.roundUp(units, dropping: 9)
        return Int64((isNegative ? "-" : "") + "0" + digits.reversed().map(String.init).joined())
    }

    /// -1, 0 or 1.
    static func compare(_ left: SlowQuantity, _ right: SlowQuantity) -> Int {
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
