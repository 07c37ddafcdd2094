package import KubernetesTypes

/// A duration as Go writes it (`time.ParseDuration`): `10s`, `1m30s`, `1.5h`.
///
/// ```
/// duration = [ "+" / "-" ] ( "0" / 1*( number unit ) )
/// number   = 1*DIGIT [ "." *DIGIT ] / "." 1*DIGIT
/// unit     = "ns" / "us" / "µs" / "μs" / "ms" / "s" / "m" / "h"
/// ```
package enum GoDuration {
    /// Nothing for anything else, and for more than an `Int64` of nanoseconds holds (292 years).
    package static func nanoseconds(_ text: Text) -> Int64? {
        var rest = text
        let isNegative = rest.byte(at: 0) == 0x2D
        if isNegative || rest.byte(at: 0) == 0x2B { rest = rest.dropFirst(1) }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            guard let part = part(&rest) else { return nil }
            let (sum, isOverflow) = total.addingReportingOverflow(part)
            if isOverflow { return nil }
            total = sum
        }
        return isNegative ? -total : total
    }

    /// A number with its unit.
    private static func part(_ text: inout Text) -> Int64? {
        let whole = digits(&text)
        var fraction: (value: Int64, count: Int) = (0, 0)
        if text.byte(at: 0) == 0x2E {
            text = text.dropFirst(1)
            fraction = digits(&text, atMost: maximumFractionDigits)
        }
        guard whole.count + fraction.count > 0, !whole.isOverflow, let scale = unit(&text) else { return nil }
        let (product, isOverflow) = whole.value.multipliedReportingOverflow(by: scale)
        guard !isOverflow else { return nil }
        var rest: Int64 = fraction.value
        // At most 10⁹ of an hour: no overflow in the product of the two halves.
        var divisor: Int64 = 1
        for _ in 0..<fraction.count { divisor *= 10 }
        rest = rest * (scale / divisor) + rest * (scale % divisor) / divisor
        let (sum, isSumOverflow) = product.addingReportingOverflow(rest)
        return isSumOverflow ? nil : sum
    }

    /// Digits after the point that count: those of a nanosecond in a second. Go reads the others too, for less.
    private static let maximumFractionDigits = 9

    private static func digits(_ text: inout Text) -> (value: Int64, count: Int, isOverflow: Bool) {
        var value: Int64 = 0
        var count = 0
        var isOverflow = false
        while let byte = text.byte(at: count), (0x30...0x39).contains(byte) {
            let (product, first) = value.multipliedReportingOverflow(by: 10)
            let (sum, second) = product.addingReportingOverflow(Int64(byte - 0x30))
            isOverflow = isOverflow || first || second
            value = isOverflow ? 0 : sum
            count += 1
        }
        text = text.dropFirst(count)
        return (value, count, isOverflow)
    }

    /// As `digits`, those beyond a number of them left out of the value.
    private static func digits(_ text: inout Text, atMost limit: Int) -> (value: Int64, count: Int) {
        var value: Int64 = 0
        var count = 0
        while let byte = text.byte(at: count), (0x30...0x39).contains(byte) {
            if count < limit { value = value * 10 + Int64(byte - 0x30) }
            count += 1
        }
        text = text.dropFirst(count)
        return (value, min(count, limit))
    }

    private static func unit(_ text: inout Text) -> Int64? {
        var end = 0
        while let byte = text.byte(at: end), byte != 0x2E, !(0x30...0x39).contains(byte) { end += 1 }
        let unit = text.prefix(end)
        text = text.dropFirst(end)
        if unit == "s" { return 1_000_000_000 }
        if unit == "ms" { return 1_000_000 }
        if unit == "m" { return 60_000_000_000 }
        if unit == "h" { return 3_600_000_000_000 }
        if unit == "us" || unit == "\u{B5}s" || unit == "\u{3BC}s" { return 1_000 }
        if unit == "ns" { return 1 }
        return nil
    }
}
