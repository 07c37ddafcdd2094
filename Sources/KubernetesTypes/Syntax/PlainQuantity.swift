extension Quantity {
    /// The value of what nearly every size is: at most 18 digits, then nothing or a suffix that makes it larger.
    ///
    /// ```
    /// plain = digits [ "Ki" | "Mi" | "Gi" | "Ti" | "Pi" | "Ei" | "k" | "M" | "G" | "T" | "P" | "E" ]
    /// ```
    ///
    /// Nil for every other text, be it a quantity or none, and where the value exceeds Int64: the parser decides. What is not
    /// nil is what the parser would say.
    package static func plainValue(_ text: Text) -> Int64? {
        let bytes = text.bytes
        var value: Int64 = 0
        var offset = 0
        while offset < bytes.count, ASCII.isDigit(bytes[offset]) {
            value = value &* 10 &+ Int64(bytes[offset] &- 0x30)
            offset &+= 1
        }
        // 18 digits cannot overflow; what more did is not used.
        guard offset > 0, offset <= 18 else { return nil }
        let factor: Int64
        switch bytes.count &- offset {
        case 0: return value
        case 1:
            guard let power = QuantitySuffix.decimalPower(bytes[offset]), power > 0 else { return nil }
            factor = Self.powerOfTen(power)
        case 2:
            guard bytes[offset &+ 1] == UInt8(ascii: "i"), let power = QuantitySuffix.binaryPower(bytes[offset]) else {
                return nil
            }
            factor = 1 &<< Int64(power)
        default: return nil
        }
        let (product, overflow) = value.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    private static func powerOfTen(_ exponent: Int) -> Int64 {
        var power: Int64 = 1
        for _ in 0..<exponent { power &*= 10 }
        return power
    }
}
