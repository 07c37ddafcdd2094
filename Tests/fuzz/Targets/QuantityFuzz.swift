import KubernetesTypes
import TestSupport

/// A quantity, or two with a line feed between them, against the slow reference.
enum QuantityFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let texts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
        let read = try texts.map { try check(Array($0)) }
        guard read.count == 2, let left = read[0], let right = read[1] else { return }
        let order = SlowQuantity.compare(left.slow, right.slow)
        try equal(left.fast < right.fast, order < 0, "<")
        try equal(right.fast < left.fast, order > 0, ">")
        try equal(left.fast == right.fast, order == 0, "==")
        if order == 0 { try equal(left.fast.hashValue, right.fast.hashValue, "hash") }
    }

    private static func check(_ bytes: [UInt8]) throws -> (fast: Quantity, slow: SlowQuantity)? {
        let slow = reference(bytes)
        do {
            let fast = try bytes.withText { text throws(QuantityError) in try Quantity(text) }
            guard let slow else { throw FuzzFault(description: "accepted, and is no quantity") }
            try compare(fast, slow)
            return (fast, slow)
        } catch let error as QuantityError {
            try hold(slow == nil, "refused, and is a quantity: \(error)")
            try holdPrintable(error.description)
            return nil
        }
    }

    /// What is accepted, by the grammar and the two limits.
    private static func reference(_ bytes: [UInt8]) -> SlowQuantity? {
        guard !bytes.isEmpty, bytes.count <= Quantity.maximumLength,
            let text = String(validating: bytes, as: UTF8.self),
            let slow = SlowQuantity(text), slow.exponentDigits <= Quantity.maximumExponentDigits
        else { return nil }
        return slow
    }

    private static func compare(_ fast: Quantity, _ slow: SlowQuantity) throws {
        let isZero = slow.units.isEmpty
        try equal(fast.isZero, isZero, "isZero")
        try equal(fast.isNegative, slow.isNegative && !isZero, "isNegative")
        try equal(fast.isPositive, !slow.isNegative && !isZero, "isPositive")
        // A capped quantity has a value in Go, and none here.
        try equal(fast.value, slow.isCapped ? nil : slow.value, "value")
        try equal(fast.exceedsInt64, fast.value == nil, "exceedsInt64")
        if let floor = fast.floor(dividedBy: 1 << 30), let ceil = fast.ceil(dividedBy: 1 << 30), let value = fast.value
        {
            try hold(ceil - floor <= 1 && (ceil == floor) == (value % (1 << 30) == 0), "floor \(floor), ceil \(ceil)")
        }
        let canonical = fast.canonical
        guard let again = SlowQuantity(canonical) else { throw FuzzFault(description: "\(canonical) is no quantity") }
        try equal(again.units, slow.units, "units of \(canonical)")
        // Zeros that move into the exponent, or out of it, can make the text longer than a quantity may be.
        guard let parsed = reference(Array(canonical.utf8)) else { return }
        let quantity = try Quantity(parsed.text)
        try hold(quantity == fast, "\(canonical) reads as another value")
        try equal(quantity.canonical, canonical, "canonical")
    }
}
