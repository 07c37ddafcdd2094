import KubernetesTypes
import TestSupport
import Testing

/// What holds for every quantity, on many random ones: long, tiny, huge, and near each boundary.
@Suite struct QuantityPropertyTests {
    static let samples: [SlowQuantity] = {
        var generator = FixedGenerator(seed: 20260723)
        return (0..<600).map { _ in SlowQuantity(using: &generator) }
    }()

    @Test func valueIsThatOfTheSlowReference() throws {
        for sample in Self.samples {
            let quantity = try Quantity(sample.text)
            #expect(quantity.isZero == sample.units.isEmpty, "\(sample.text)")
            #expect(quantity.isNegative == (sample.isNegative && !sample.units.isEmpty), "\(sample.text)")
            // A capped quantity has a value in Go, and none here.
            if let value = quantity.value { #expect(value == sample.value, "\(sample.text)") }
            if sample.value == nil { #expect(quantity.exceedsInt64, "\(sample.text)") }
        }
    }

    @Test func canonicalTextReadsAsTheSameValue() throws {
        var checked = 0
        for sample in Self.samples {
            let quantity = try Quantity(sample.text)
            let canonical = quantity.canonical
            // Zeros that move into the exponent, or out of it, can make the text longer than a quantity may be.
            let exponent = canonical.drop { $0 != "e" }.count { $0.isNumber }
            if canonical.utf8.count > Quantity.maximumLength || exponent > Quantity.maximumExponentDigits { continue }
            checked += 1
            let again = try Quantity(canonical)
            #expect(again == quantity, "\(sample.text)")
            #expect(again.canonical == canonical, "\(sample.text)")
        }
        #expect(checked > 500)
    }

    @Test func comparisonAgreesWithTheSlowReference() throws {
        var generator = FixedGenerator(seed: 4)
        for _ in 0..<1500 {
            let (left, right) = (generator.pick(Self.samples), generator.pick(Self.samples))
            let (a, b) = (try Quantity(left.text), try Quantity(right.text))
            let order = SlowQuantity.compare(left, right)
            #expect((a < b) == (order < 0), "\(left.text) \(right.text)")
            #expect((b < a) == (order > 0), "\(left.text) \(right.text)")
            #expect((a == b) == (order == 0), "\(left.text) \(right.text)")
            if a == b { #expect(a.hashValue == b.hashValue) }
        }
    }

    /// Spellings of one value: more zeros, a plus, another suffix.
    @Test func spellingDoesNotMatter() throws {
        for sample in Self.samples.prefix(200) where sample.text.utf8.count < 56 {
            let quantity = try Quantity(sample.text)
            var spelled = sample
            spelled.whole = "00" + sample.whole
            spelled.fraction = (sample.fraction ?? "") + "000"
            #expect(try Quantity(spelled.text) == quantity, "\(sample.text)")
            if !sample.isNegative { #expect(try Quantity("+" + sample.text) == quantity) }
        }
    }

    @Test func noTextCrashes() {
        var generator = FixedGenerator(seed: 11)
        var accepted = 0
        for sample in Self.samples.prefix(60) {
            for bytes in mutations(of: sample.text, using: &generator) {
                bytes.withText { text in
                    do throws(QuantityError) {
                        let quantity = try Quantity(text)
                        accepted += quantity.canonical.isEmpty ? 0 : 1
                    } catch {
                        #expect(!error.description.isEmpty)
                    }
                }
            }
        }
        #expect(accepted > 0)
    }
}
