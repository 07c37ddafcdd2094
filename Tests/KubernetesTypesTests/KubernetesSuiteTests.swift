import KubernetesTypes
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
