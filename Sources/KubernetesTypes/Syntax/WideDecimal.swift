/// A positive integer of up to 64 significant digits and any number of zeros after them, which no built-in integer can
/// hold. `Quantity` uses it for the few values of 10³⁸ or more of its smallest units.
///
/// The digits are aligned to the left, so that two numbers compare by their length first and then digit by digit, and
/// one number has one form only: `Hashable` and `==` follow.
struct WideDecimal: Hashable, Sendable {
    /// Number of digits before the decimal point, the zeros after the significant digits included.
    private(set) var length: Int
    /// The first 32 significant digits, and the next 32; missing digits are zeros.
    private(set) var high: UInt128
    private(set) var low: UInt128

    /// Significant digits in each half: 10³² is the largest power of ten whose product with ten stays far below 2¹²⁸.
    static let half = 32

    /// A text of `Quantity.maximumLength` bytes has no more digits than the two halves hold.
    static let maximumDigits = 2 * half

    private static let halfLimit: UInt128 = 100_000_000_000_000_000_000_000_000_000_000

    /// A power of ten, of `length` digits: 1 and `length - 1` zeros.
    init(powerOfTenWithLength length: Int) {
        self.length = length
        high = Self.halfLimit / 10
        low = 0
    }

    /// The `count` first digits that `next` gives, the first of them not zero, followed by zeros up to `length` digits;
    /// where `roundingUp`, one is added to the last of the `count` digits.
    init(length: Int, count: Int, roundingUp: Bool, next: (Int) -> UInt8) {
        self.length = length
        high = 0
        low = 0
        var unit: (high: UInt128, low: UInt128) = (0, 0)
        for index in 0..<Self.maximumDigits {
            let digit = UInt128(index < count ? next(index) : 0)
            let one: UInt128 = index == count - 1 ? 1 : 0
            if index < Self.half {
                high = high &* 10 &+ digit
                unit.high = unit.high &* 10 &+ one
            } else {
                low = low &* 10 &+ digit
                unit.low = unit.low &* 10 &+ one
            }
        }
        guard roundingUp else { return }
        low += unit.low
        high += unit.high
        if low >= Self.halfLimit {
            low -= Self.halfLimit
            high += 1
        }
        // Only nines can carry this far, so that all digits are zero now.
        if high >= Self.halfLimit { self = WideDecimal(powerOfTenWithLength: length + 1) }
    }

    /// The significant digits without the zeros after them, and how many zeros these are.
    var digits: (digits: String, zeros: Int) {
        let left = String(high)
        let right = String(low)
        let all = left + String(repeating: "0", count: Self.half - right.utf8.count) + right
        let significant = String(all.reversed().drop { $0 == "0" }.reversed())
        return (significant, length - significant.utf8.count)
    }
}

extension WideDecimal: Comparable {
    static func < (left: WideDecimal, right: WideDecimal) -> Bool {
        (left.length, left.high, left.low) < (right.length, right.high, right.low)
    }
}
