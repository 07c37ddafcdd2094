import KubernetesTypes
import TestSupport
import Testing

/// Kubernetes' own tests of quantities and names, on these parsers.
@Suite struct KubernetesSuiteTests {
    private static let formats: [String: Quantity.Format] = [
        "si": .decimalSI, "binary": .binarySI, "exponent": .decimalExponent,
    ]

    @Test func parsed() throws {
        #expect(KubernetesSuite.parsed.rows.count > 90)
        for row in KubernetesSuite.parsed.rows {
            let format = try #require(Self.formats[row[3]])
            for (sign, isNegative) in [("", false), ("+", false), ("-", true)] {
                let quantity = try Quantity(sign + row[0])
                #expect(quantity == (try Quantity("\(isNegative ? "-" : "")\(row[1])e\(row[2])")), "\(sign)\(row[0])")
                #expect(quantity.format == format, "\(sign)\(row[0])")
            }
        }
    }

    @Test func canonical() throws {
        #expect(KubernetesSuite.canonical.rows.count > 35)
        for row in KubernetesSuite.canonical.rows {
            for text in [row[0], row[2]] where text != "=" {
                let quantity = try Quantity(text)
                #expect(quantity.canonical == row[0], "\(text)")
                if !quantity.isZero { #expect(try Quantity("-" + text).canonical == "-" + row[0], "\(text)") }
            }
        }
    }

    @Test func emitted() throws {
        for row in KubernetesSuite.emitted.rows {
            #expect(try Quantity(row[0]).canonical == row[1])
            #expect(try Quantity("-" + row[0]).canonical == "-" + row[1])
        }
    }

    @Test func compared() throws {
        for row in KubernetesSuite.compared.rows {
            let (left, right) = (try Quantity(row[0]), try Quantity(row[1]))
            #expect((left < right ? -1 : left == right ? 0 : 1) == Int(row[2]), "\(row)")
        }
    }

    /// Some of these have 19 places after the point, and a quantity has nine: both are multiplied by the same power of
    /// ten, which leaves their order as it is. The larger powers make them too long for the integers that short ones
    /// are compared as.
    @Test(arguments: [0, 10, 20, 30])
    func comparedNumbers(power: Int) throws {
        var compared = 0
        for row in KubernetesSuite.comparedNumbers.rows {
            let (first, second) = (try #require(Int(row[1])) + power, try #require(Int(row[3])) + power)
            guard min(first, second) >= -9 else { continue }
            let (left, right) = (try Quantity("\(row[0])e\(first)"), try Quantity("\(row[2])e\(second)"))
            #expect((left < right ? -1 : left == right ? 0 : 1) == Int(row[4]), "\(row)")
            #expect((right < left ? 1 : left == right ? 0 : -1) == Int(row[4]), "\(row)")
            compared += 1
        }
        #expect(compared == (power == 0 ? 13 : 22))
    }

    /// Rounding is to multiples of 10⁻⁹ when a text is read, and to whole numbers in `value`. For the former the number
    /// and its outcome are moved to where the scale is 10⁻⁹.
    @Test func rounded() throws {
        #expect(KubernetesSuite.rounded.rows.count == 23)
        for row in KubernetesSuite.rounded.rows {
            let (exponent, scale) = (try #require(Int(row[1])), try #require(Int(row[2])))
            let (outcome, outcomeExponent) = (row[3], try #require(Int(row[4])))
            for sign in ["", "-"] {
                let quantity = try Quantity("\(sign)\(row[0])e\(exponent - 9 - scale)")
                #expect(quantity == (try Quantity("\(sign)\(outcome)e\(outcomeExponent - 9 - scale)")), "\(row)")
                guard scale == 0 else { continue }
                #expect(try Quantity("\(sign)\(row[0])e\(exponent)").value == Int64(sign + outcome), "\(row)")
            }
        }
    }

    /// Go's `AsInt64` is of what is held as one, which most of these are not; `value` is of every one that is an Int64.
    @Test func limits() throws {
        #expect(KubernetesSuite.limits.rows.count == 72)
        for row in KubernetesSuite.limits.rows {
            let quantity = try Quantity(row[0])
            #expect(quantity.canonical == (row[2] == "=" ? row[0] : row[2]))
            #expect(quantity == (try Quantity(row[1])), "\(row[0])")
            if !row[1].contains(".") { #expect(quantity.value == Int64(row[1]), "\(row[0])") }
        }
    }

    @Test(arguments: KubernetesSuite.numbers)
    func numbers(json: String, canonical: String) throws {
        let number = try ParsedJSON(json).read { try #require($0.int) }
        #expect(Quantity(number).canonical == canonical)
    }

    @Test(arguments: KubernetesSuite.refused)
    func refused(_ text: String) {
        #expect(throws: QuantityError.self) { try Quantity(text) }
    }

    @Test func names() {
        for name in KubernetesSuite.labels { #expect(DNS1123.label(name) == nil, "\(name)") }
        for name in KubernetesSuite.noLabels { #expect(DNS1123.label(name) != nil, "\(name)") }
        for name in KubernetesSuite.subdomains { #expect(DNS1123.subdomain(name) == nil, "\(name)") }
        for name in KubernetesSuite.noSubdomains { #expect(DNS1123.subdomain(name) != nil, "\(name)") }
        for name in KubernetesSuite.keys { #expect(LabelSyntax.key(name) == nil, "\(name)") }
        for name in KubernetesSuite.noKeys { #expect(LabelSyntax.key(name) != nil, "\(name)") }
        for name in KubernetesSuite.values { #expect(LabelSyntax.value(name) == nil, "\(name)") }
        for name in KubernetesSuite.noValues { #expect(LabelSyntax.value(name) != nil, "\(name)") }
    }
}
