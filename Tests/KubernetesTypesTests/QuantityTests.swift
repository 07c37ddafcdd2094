import KubernetesTypes
import Testing

@Suite struct QuantityTests {
    @Test(arguments: acceptedQuantities.rows)
    func agreesWithGo(row: [String]) throws {
        let quantity = try Quantity(row[0])
        #expect(quantity.canonical == row[1])
        #expect(quantity.value.map { String($0) } ?? "-" == row[2])
        #expect(quantity.exceedsInt64 == (row[2] == "-"))
        let format: Quantity.Format =
            switch row[3] {
            case "binary": .binarySI
            case "exponent": .decimalExponent
            default: .decimalSI
            }
        #expect(quantity.format == format)
        #expect(try Quantity(quantity.canonical) == quantity)
    }

    @Test(arguments: refusedQuantities)
    func refusesWhatGoRefuses(text: String) {
        #expect(throws: QuantityError.self) { try Quantity(text) }
    }

    /// Without digits Go's fast path reads zero; past its reach Go refuses them.
    @Test(arguments: ["Pi", "Ei", "-Ei", ".Pi", "e-10", "-e-99", ".E-20"])
    func refusesSomeNumbersWithoutDigits(text: String) {
        #expect(throws: QuantityError.self) { try Quantity(text) }
    }

    @Test(arguments: comparedQuantities.rows)
    func comparesAsGo(row: [String]) throws {
        let (left, right) = (try Quantity(row[0]), try Quantity(row[1]))
        let order = left < right ? "-1" : left == right ? "0" : "1"
        #expect(order == row[2])
        #expect((right < left) == (row[2] == "1"))
        #expect((left.hashValue == right.hashValue) || row[2] != "0")
    }

    /// Where this parser and Go part, and why.
    @Test func differsFromGoOnPurpose() throws {
        // The limits: Go accepts both, and hangs on larger ones.
        #expect(thrown { () throws(QuantityError) in _ = try Quantity("1e010") } == .exponentTooLong("e010"))
        let long = String(repeating: "0", count: Quantity.maximumLength) + "1"
        #expect(thrown { () throws(QuantityError) in _ = try Quantity(long) } == .tooLong(bytes: 65))
        // Go writes "100", having no suffix for 10²¹.
        #expect(try Quantity("100000000000000000000k").canonical == "100000E")
        #expect(try Quantity("1000E").canonical == "1000E")
        // Go says 0 and 1000; here a value that is no Int64 has none.
        #expect(try Quantity("10E").value == nil)
        #expect(try Quantity("8Ei").value == nil)
        // −2⁶³ is an Int64, but Go holds it as −2⁶³+1.
        #expect(try Quantity("-8Ei").value == nil)
        // Reading JSON, Go drops blanks around the text of a string. The CRD's pattern allows none.
        #expect(throws: QuantityError.self) { try Quantity(" 1") }
        #expect(throws: QuantityError.self) { try Quantity("1 ") }
    }

    @Test func limitsAreInclusive() throws {
        #expect(try Quantity(String(repeating: "0", count: 62) + "1k").value == 1000)
        #expect(try Quantity("0.1e99").canonical == "100e96")
        #expect(try Quantity("1e-99").canonical == "1e-9")
        #expect(
            thrown { () throws(QuantityError) in _ = try Quantity("1e-99999999") } == .exponentTooLong("e-99999999"))
        #expect(thrown { () throws(QuantityError) in _ = try Quantity("1e100") } == .exponentTooLong("e100"))
    }

    @Test func signs() throws {
        let zero = try Quantity("-0")
        #expect(zero.isZero && !zero.isNegative && !zero.isPositive)
        let negative = try Quantity("-1n")
        #expect(negative.isNegative && !negative.isZero && !negative.isPositive && negative.value == -1)
        let positive = try Quantity("1n")
        #expect(positive.isPositive && !positive.isZero && !positive.isNegative && positive.value == 1)
        #expect(try Quantity("1e99").isPositive)
        #expect(try Quantity("-1e99").isNegative)
    }

    @Test func fromIntegers() {
        #expect(Quantity(42_949_672_960) == (try? Quantity("40Gi")))
        #expect(Quantity(Int64.min).value == Int64.min)
        #expect(Quantity(Int64.max).value == Int64.max)
        #expect(Quantity(Int64.min).canonical == "-9223372036854775808")
        #expect(Quantity(0).isZero)
        #expect(Quantity(unsigned: 42) == Quantity(42))
        #expect(Quantity(unsigned: .max).exceedsInt64)
        #expect(Quantity(unsigned: .max).canonical == "18446744073709551615")
    }

    @Test func fromDoubles() throws {
        #expect(try Quantity(exactly: 4e9).value == 4_000_000_000)
        #expect(try Quantity(exactly: -9_007_199_254_740_992).value == -9_007_199_254_740_992)
        for number in [0.5, 1e300, -1.5, .infinity, .nan, 9_007_199_254_740_994] {
            #expect(throws: QuantityError.notIntegral) { try Quantity(exactly: number) }
        }
    }

    @Test(arguments: [
        ("4Gi", 1 << 30, 4, 4), ("4G", 1 << 30, 3, 4), ("40Gi", 1_000_000_000, 42, 43), ("1", 1 << 30, 0, 1),
        ("-1", 1 << 30, -1, 0), ("-4G", 1 << 30, -4, -3), ("0", 1 << 30, 0, 0), ("1500m", 1, 2, 2),
        ("9E", 7, 1_285_714_285_714_285_714, 1_285_714_285_714_285_715),
    ])
    func divides(text: String, unit: Int64, floor: Int64, ceil: Int64) throws {
        let quantity = try Quantity(text)
        #expect(quantity.floor(dividedBy: unit) == floor)
        #expect(quantity.ceil(dividedBy: unit) == ceil)
    }

    @Test func dividesNothingThatHasNoValue() throws {
        #expect(try Quantity("10E").floor(dividedBy: 1) == nil)
        #expect(try Quantity("10E").ceil(dividedBy: 1) == nil)
        #expect(try Quantity("1").floor(dividedBy: 0) == nil)
        #expect(try Quantity("1").ceil(dividedBy: -1) == nil)
        #expect(Quantity(Int64.min).floor(dividedBy: 1) == Int64.min)
    }

    /// 38 digits are the most of a `UInt128`; a carry reaches the 39th.
    @Test func carriesAcrossTheWidths() throws {
        let nines = String(repeating: "9", count: 29)
        let carried = try Quantity(nines + ".9999999999")
        #expect(carried == (try Quantity("1e29")))
        #expect(carried > (try Quantity(nines + ".999999999")))
        #expect(try Quantity(nines + ".999999999") < Quantity("1e29"))
        // The same with 64 digits: all of them carry.
        let wide = try Quantity(String(repeating: "9", count: 52) + ".9999999991")
        #expect(wide == (try Quantity("1e52")))
        #expect(wide.canonical == "10000000000000000000000000000000000E")
        // And from the lower half into the upper.
        let half = try Quantity(
            "1" + String(repeating: "0", count: 22) + String(repeating: "9", count: 10) + ".9999999991")
        #expect(half == (try Quantity("1" + String(repeating: "0", count: 21) + "10000000000")))
    }
}
