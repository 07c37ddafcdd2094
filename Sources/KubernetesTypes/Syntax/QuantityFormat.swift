extension Quantity: CustomStringConvertible {
    /// The one way to write this value: no fraction, the largest suffix without one, and the sign in front.
    ///
    /// It is what Go's `CanonicalizeBytes` gives: `1024Mi` → `1Gi`, `0.5` → `500m`, `1.5Gi` → `1536Mi`, `1e4` → `10e3`.
    /// Two differences: Go's `String()` keeps the spelling of many texts (`+4Gi`, `04Gi`, `1E3`), and Go drops zeros of a
    /// decimal quantity that only a suffix above `E` could hold (`1000E` becomes `1`), which are kept here.
    package var canonical: String {
        let sign = isNegative ? "-" : ""
        switch magnitude {
        case .narrow(0): return "0"
        case .narrow(let units):
            if format == .binarySI, let text = Self.binaryText(units) { return sign + text }
            return sign + decimalText(digits: String(units), zeros: 0)
        case .wide(let number):
            let (digits, zeros) = number.digits
            return sign + decimalText(digits: digits, zeros: zeros)
        }
    }

    package var description: String { canonical }

    /// A whole number of 1024 or more by the power of 1024 that divides it; nil for any other, which the decimal
    /// suffixes show without loss.
    private static func binaryText(_ units: UInt128) -> String? {
        let (whole, rest) = units.quotientAndRemainder(dividingBy: UInt128(unitsInOne))
        guard rest == 0, whole >= 1024 else { return nil }
        let power = min(whole.trailingZeroBitCount / 10, binarySuffixes.count - 1)
        return String(whole >> (power * 10)) + binarySuffixes[power]
    }

    /// The digits, followed by that many zeros, are an integer of units of 10⁻⁹.
    private func decimalText(digits: String, zeros: Int) -> String {
        let significant = String(digits.reversed().drop { $0 == "0" }.reversed())
        let exponent = zeros + digits.utf8.count - significant.utf8.count - 9
        // Rounded down to a multiple of three, and where it becomes a suffix, to the largest one.
        var shown = exponent - ((exponent % 3) + 3) % 3
        if format != .decimalExponent { shown = min(shown, 18) }
        let number = significant + String(repeating: "0", count: exponent - shown)
        guard format == .decimalExponent else { return number + Self.decimalSuffixes[shown / 3 + 3] }
        return shown == 0 ? number : number + "e\(shown)"
    }

    private static let binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]

    /// From 10⁻⁹, in steps of a thousand.
    private static let decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
}
