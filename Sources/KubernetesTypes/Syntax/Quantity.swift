/// An amount with a unit: `40Gi`, `1500m`, `12e6`. It accepts what the Kubernetes API server accepts, and nothing more.
///
/// ```
/// quantity = [sign] number suffix
/// sign     = "+" | "-"
/// number   = digits ["." [digits]] | "." [digits] | nothing
/// suffix   = "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei"                          powers of 1024: binarySI
///          | "n" | "u" | "m" | nothing | "k" | "M" | "G" | "T" | "P" | "E"    powers of 1000: decimalSI
///          | ("e" | "E") [sign] digits                                         a power of ten: decimalExponent
/// ```
///
/// A quantity without any digit reads as zero (`Gi`, `.`, `-`), as it does for Go, but for the few that Go refuses.
///
/// The value is the one that Go computes. It is exact, with two exceptions, and both are Go's: what is smaller than
/// 10⁻⁹ is rounded away from zero to a multiple of it, and a binary quantity of more than 2⁶³−1 is held as 2⁶³−1 (such
/// a one says so: see `value` and `exceedsInt64`). Two quantities are equal when their values are, whatever their form:
/// `1Gi` equals `1073741824`, `0.5` equals `500m`.
///
/// The two limits below are stricter than Go, and are checked before any arithmetic.
///
/// Source: type `Quantity` of k8s.io/apimachinery/pkg/api/resource, function `ParseQuantity`.
package struct Quantity: Sendable {
    /// The form a quantity was written in, and in which `canonical` writes it.
    package enum Format: Sendable {
        /// Powers of 1024: `1Gi`.
        case binarySI
        /// Powers of 1000: `1G`, `500m`.
        case decimalSI
        /// A power of ten: `1e9`.
        case decimalExponent
    }

    /// The longest text, in bytes. A longer one says nothing that 60 digits do not, and a bound on the text bounds the
    /// arithmetic.
    package static let maximumLength = 64

    /// The longest exponent, in digits, leading zeros included. Go's parser computes the power of ten: `1e-99999999` keeps
    /// it busy for minutes, in every client that lists the object. The suffixes reach from 10⁻⁹ to 10¹⁸ only.
    package static let maximumExponentDigits = 2

    /// A value's distance from zero, in units of 10⁻⁹.
    enum Magnitude: Hashable, Sendable {
        /// At most `narrowDigits` digits.
        case narrow(UInt128)
        /// More digits than that.
        case wide(WideDecimal)

        /// Every number of 38 digits fits into 128 bits (10³⁸ < 2¹²⁸), so that the number of digits alone decides
        /// between the two cases, and each value has one form.
        static let narrowDigits = 38
    }

    /// Units of 10⁻⁹ in one.
    static let unitsInOne: UInt64 = 1_000_000_000

    /// What Go holds a larger binary quantity as.
    static let binaryMaximum = UInt64(Int64.max)

    let magnitude: Magnitude
    package let format: Format
    /// Below zero. Zero itself is never negative, not even as `-0`.
    package let isNegative: Bool
    /// A binary quantity whose text says more than what it is held as.
    let isCapped: Bool

    init(magnitude: Magnitude, isNegative: Bool, format: Format, isCapped: Bool = false) {
        self.magnitude = magnitude
        self.isNegative = isNegative && magnitude != .narrow(0)
        self.format = format
        self.isCapped = isCapped
    }

    /// A whole number.
    package init(_ value: Int64) {
        let units = UInt128(value.magnitude) * UInt128(Self.unitsInOne)
        self.init(magnitude: .narrow(units), isNegative: value < 0, format: .decimalSI)
    }

    /// A whole number that may be larger than an `Int64`, as JSON can hold one.
    package init(unsigned value: UInt64) {
        let units = UInt128(value) * UInt128(Self.unitsInOne)
        self.init(magnitude: .narrow(units), isNegative: false, format: .decimalSI)
    }

    /// A JSON number that the parser made a double of. Only a whole number that a double holds exactly is accepted: the
    /// API server reads the digits of the text, which a double no longer has.
    package init(exactly number: Double) throws(QuantityError) {
        // Above 2⁵³ several integers share one double.
        guard let value = Int64(exactly: number), value.magnitude <= 1 << 53 else { throw .notIntegral }
        self.init(value)
    }

    package init(_ string: String) throws(QuantityError) {
        self = try string.withText { text throws(QuantityError) in try Quantity(text) }
    }
}

extension Quantity {
    package var isZero: Bool { magnitude == .narrow(0) }

    package var isPositive: Bool { !isNegative && !isZero }

    /// The value rounded away from zero to a whole number, as Go's `Value()` does: `1500m` is 2 bytes. Nil when that
    /// number is no `Int64`.
    package var value: Int64? {
        guard !isCapped, case .narrow(let units) = magnitude else { return nil }
        // Up to here the quotient below fits into 64 bits.
        guard units <= Self.largestInt64 else { return nil }
        let words = (high: UInt64(truncatingIfNeeded: units >> 64), low: UInt64(truncatingIfNeeded: units))
        let (quotient, remainder) = Self.unitsInOne.dividingFullWidth(words)
        let whole = remainder == 0 ? quotient : quotient + 1
        if isNegative { return whole <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- whole) : nil }
        return Int64(exactly: whole)
    }

    /// 2⁶³ in units: the farthest from zero that any `Int64` is.
    private static let largestInt64 = UInt128(Int64.min.magnitude) * UInt128(unitsInOne)

    /// The text says more than 2⁶³−1, or less than −2⁶³, once rounded to a whole number; `-8Ei`, which is −2⁶³, counts as
    /// less, because Go holds it as −2⁶³+1. Go reads such a quantity as some other number: `10E` as 0.
    package var exceedsInt64: Bool { value == nil }

    /// How many whole `unit`s the value holds: `floor(dividedBy: 1 << 30)` is what a size in GiB shows. Nil when the
    /// value exceeds `Int64`, or the unit is not positive.
    package func floor(dividedBy unit: Int64) -> Int64? {
        guard let value, unit > 0 else { return nil }
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit)
        return remainder < 0 ? quotient - 1 : quotient
    }

    /// How many `unit`s hold the whole value; nil as for `floor(dividedBy:)`.
    package func ceil(dividedBy unit: Int64) -> Int64? {
        guard let value, unit > 0 else { return nil }
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: unit)
        return remainder > 0 ? quotient + 1 : quotient
    }
}

extension Quantity.Magnitude: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.narrow(let left), .narrow(let right)): left < right
        case (.wide(let left), .wide(let right)): left < right
        case (.narrow, .wide): true
        case (.wide, .narrow): false
        }
    }
}

extension Quantity: Comparable, Hashable {
    package static func == (left: Quantity, right: Quantity) -> Bool {
        left.isNegative == right.isNegative && left.magnitude == right.magnitude
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(isNegative)
        hasher.combine(magnitude)
    }

    package static func < (left: Quantity, right: Quantity) -> Bool {
        switch (left.isNegative, right.isNegative) {
        case (false, false): left.magnitude < right.magnitude
        case (true, true): right.magnitude < left.magnitude
        case (let isLeftNegative, _): isLeftNegative
        }
    }
}
