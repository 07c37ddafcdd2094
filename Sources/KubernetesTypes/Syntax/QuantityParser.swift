extension Quantity {
    /// Reads a quantity. It allocates nothing, and looks at each byte a constant number of times.
    package init(_ text: Text) throws(QuantityError) {
        guard !text.isEmpty else { throw .empty }
        guard text.count <= Self.maximumLength else { throw .tooLong(bytes: text.count) }
        let number = QuantityNumber(text)
        let suffix = try QuantitySuffix(text, number)
        if !number.hasDigits { try Self.checkZero(text, suffix) }
        switch suffix.format {
        case .binarySI: self = Self.binary(number, shift: suffix.exponent)
        case .decimalSI, .decimalExponent:
            let magnitude = Self.decimal(number, exponent: suffix.exponent)
            self.init(magnitude: magnitude, isNegative: number.isNegative, format: suffix.format)
        }
    }

    /// Go takes a number without digits for zero, but refuses it where its fast path for small numbers ends: from `Pi`
    /// upwards, and below 10⁻⁹.
    private static func checkZero(_ text: Text, _ suffix: QuantitySuffix) throws(QuantityError) {
        let isRefused = suffix.format == .binarySI ? suffix.exponent >= 50 : suffix.exponent < -9
        if isRefused { throw .notANumber(at: suffix.start, found: text.character(at: suffix.start)) }
    }

    /// Number × 10^exponent, in units of 10⁻⁹, rounded up.
    private static func decimal(_ number: QuantityNumber, exponent: Int) -> Magnitude {
        guard number.significant > 0 else { return .narrow(0) }
        // The digits are an integer of units once shifted by this many places.
        let shift = exponent + 9 - number.fraction
        let count = max(0, number.significant + min(shift, 0))
        let zeros = max(0, shift)
        let isRoundedUp = count < number.significant && number.hasNonZero(from: count)
        if count + zeros <= Magnitude.narrowDigits {
            var units = number.integer(count)
            // At most 38 digits, so this cannot exceed 128 bits.
            for _ in 0..<zeros { units = units &* 10 }
            if isRoundedUp { units += 1 }
            // 38 nines, rounded up.
            if units == tooManyDigits { return .wide(WideDecimal(powerOfTenWithLength: Magnitude.narrowDigits + 1)) }
            return .narrow(units)
        }
        return .wide(WideDecimal(length: count + zeros, count: count, roundingUp: isRoundedUp) { number.digit($0) })
    }

    /// 10³⁸, the first number of 39 digits.
    private static let tooManyDigits: UInt128 = 100_000_000_000_000_000_000_000_000_000_000_000_000

    /// Number × 2^shift, in units of 10⁻⁹, rounded up, and no more than 2⁶³−1.
    private static func binary(_ number: QuantityNumber, shift: Int) -> Quantity {
        let whole = number.significant - number.fraction
        // A number of 20 digits is more than 2⁶³, and one of 19 fits into 64 bits.
        guard whole <= 19 else { return capped(number) }
        let part = UInt64(truncatingIfNeeded: number.integer(max(0, whole)))
        guard part <= binaryMaximum >> shift else { return capped(number) }
        var units = UInt128(part << shift) * UInt128(unitsInOne)
        if number.fraction > 0 { units += fraction(number, shift: shift) }
        guard units <= UInt128(binaryMaximum) * UInt128(unitsInOne) else { return capped(number) }
        // Go shows a part of one by the decimal suffixes.
        let format: Format = units > 0 && units < UInt128(unitsInOne) ? .decimalSI : .binarySI
        return Quantity(magnitude: .narrow(units), isNegative: number.isNegative, format: format)
    }

    private static func capped(_ number: QuantityNumber) -> Quantity {
        let units = UInt128(binaryMaximum) * UInt128(unitsInOne)
        return Quantity(magnitude: .narrow(units), isNegative: number.isNegative, format: .binarySI, isCapped: true)
    }

    /// The digits after the point × 2^shift, in units of 10⁻⁹, rounded up.
    ///
    /// A multiplication by hand with digits of 10¹⁶, from the right: four of them hold 64 digits, and each product
    /// stays below 10¹⁶ × 2⁶⁰ < 2¹²⁸. What is carried out of the leftmost is the integer part.
    private static func fraction(_ number: QuantityNumber, shift: Int) -> UInt128 {
        let width = 16
        let base: UInt128 = 10_000_000_000_000_000
        var carry: UInt128 = 0
        var leftmost: UInt128 = 0
        var isInexact = false
        for limb in stride(from: WideDecimal.maximumDigits / width - 1, through: 0, by: -1) {
            if leftmost != 0 { isInexact = true }
            let first = limb * width
            var digits: UInt128 = 0
            for place in first..<first + width { digits = digits * 10 + UInt128(number.fractionDigit(place)) }
            (carry, leftmost) = (digits << shift + carry).quotientAndRemainder(dividingBy: base)
        }
        // Of the 16 digits the first nine are units.
        let (units, rest) = leftmost.quotientAndRemainder(dividingBy: 10_000_000)
        return carry * UInt128(unitsInOne) + units + (isInexact || rest != 0 ? 1 : 0)
    }
}

/// Sign and digits of a quantity: where they are, not yet their value.
struct QuantityNumber {
    private let bytes: UnsafeBufferPointer<UInt8>
    let isNegative: Bool
    /// Whether there is any digit.
    let hasDigits: Bool
    /// Number of digits from the first that is not zero.
    let significant: Int
    /// How many digits stand after the point; more than `significant` where zeros follow it.
    let fraction: Int
    /// Offset of the first significant digit, and of the point (or where it would be).
    private let first: Int
    private let point: Int
    /// Offset of the first byte after the number.
    let end: Int

    init(_ text: Text) {
        bytes = text.bytes
        var offset = 0
        let sign = text.byte(at: 0)
        isNegative = sign == 0x2D
        if sign == 0x2D || sign == 0x2B { offset = 1 }
        let start = offset
        while offset < bytes.count, ASCII.isDigit(bytes[offset]) { offset += 1 }
        point = offset
        if offset < bytes.count, bytes[offset] == 0x2E {
            offset += 1
            while offset < bytes.count, ASCII.isDigit(bytes[offset]) { offset += 1 }
        }
        end = offset
        let fraction = max(0, end - point - 1)
        self.fraction = fraction
        hasDigits = point - start + fraction > 0

        var first = start
        while first < end, bytes[first] == 0x30 || bytes[first] == 0x2E { first += 1 }
        self.first = first
        significant = first < point ? point - first + fraction : end - first
    }

    /// The significant digit at `index`, counted from the first.
    func digit(_ index: Int) -> UInt8 {
        let offset = first + index
        // Digits that start before the point leave it out.
        let place = first < point && offset >= point ? offset + 1 : offset
        return place < end ? bytes[place] &- 0x30 : 0
    }

    /// The digit at `place` after the point; zero past the last.
    func fractionDigit(_ place: Int) -> UInt8 {
        place < fraction ? bytes[point + 1 + place] &- 0x30 : 0
    }

    /// The first `count` significant digits as an integer; `count` is at most 38.
    func integer(_ count: Int) -> UInt128 {
        // Eighteen digits fit into 64 bits, and nearly every number has fewer.
        var word: UInt64 = 0
        for index in 0..<min(count, 18) { word = word &* 10 &+ UInt64(digit(index)) }
        var value = UInt128(word)
        if count > 18 { for index in 18..<count { value = value &* 10 &+ UInt128(digit(index)) } }
        return value
    }

    /// Whether any digit from `index` on is not zero.
    func hasNonZero(from index: Int) -> Bool {
        (index..<significant).contains { digit($0) != 0 }
    }
}
