import KubernetesTypes
import WebhookServer

/// Go's durations, as the query of a review has one, against a naive reading.
enum DurationFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let found = nanoseconds(bytes)
        try signs(bytes, found)
        try wholeNumbers(bytes)
        guard let expected = approximation(of: bytes) else {
            try hold(found == nil, "\(found ?? 0) of what is no duration")
            return
        }
        // What comes closer to the largest than a double can tell is left to the tests.
        if expected.magnitude > largest * (1 - precision), expected.magnitude < largest * (1 + precision) { return }
        try equal(found != nil, expected.magnitude < largest, "whether 64 bits hold it")
        guard let found else { return }
        let difference = (Double(found) - expected).magnitude
        let most = expected.magnitude * precision + Double(bytes.count) * lost
        try hold(difference <= most, "\(found) is not \(expected)")
    }

    /// The largest that 64 bits hold, of which a double has 53.
    private static let largest = Double(Int64.max)
    private static let precision = 1e-12
    /// Nanoseconds that a part may lose: what the tenth digit of an hour and those after it are worth.
    private static let lost = 3_600.0

    private static func nanoseconds(_ bytes: [UInt8]) -> Int64? { bytes.withText { GoDuration.nanoseconds($0) } }

    private static func signs(_ bytes: [UInt8], _ found: Int64?) throws {
        guard let first = bytes.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return }
        try equal(nanoseconds([UInt8(ascii: "-")] + bytes), found.map { -$0 }, "with a minus")
        try equal(nanoseconds([UInt8(ascii: "+")] + bytes), found, "with a plus")
    }

    private static func wholeNumbers(_ bytes: [UInt8]) throws {
        let number = bytes.prefix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }.magnitude
        try equal(nanoseconds(Array("\(number)ns".utf8)), Int64(exactly: number), "\(number)ns")
        let (seconds, rest) = number.quotientAndRemainder(dividingBy: 1_000_000_000)
        let digits = String(String(1_000_000_000 + rest).dropFirst())
        for text in ["\(seconds).\(digits)s", "\(seconds)s\(rest)ns"] {
            try equal(nanoseconds(Array(text.utf8)), Int64(exactly: number), text)
        }
    }

    private static let units: [(name: String, nanoseconds: Double)] = [
        ("ns", 1), ("us", 1e3), ("\u{B5}s", 1e3), ("\u{3BC}s", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10),
        ("h", 3.6e12),
    ]

    /// Nanoseconds, about; nil for what is no duration.
    private static func approximation(of bytes: [UInt8]) -> Double? {
        var rest = bytes[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        if rest.elementsEqual("0".utf8) { return 0 }
        if rest.isEmpty { return nil }
        var total = 0.0
        while !rest.isEmpty {
            let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
            let isOfNumber = { (byte: UInt8) in byte == UInt8(ascii: ".") || isDigit(byte) }
            let number = rest.prefix(while: isOfNumber)
            let unit = rest.dropFirst(number.count).prefix { !isOfNumber($0) }
            rest = rest.dropFirst(number.count + unit.count)
            guard number.count(where: { $0 == UInt8(ascii: ".") }) <= 1, number.contains(where: isDigit),
                let scale = units.first(where: { unit.elementsEqual($0.name.utf8) }),
                let value = Double("0" + String(decoding: number, as: UTF8.self) + "0")
            else { return nil }
            // A trailing zero is one of a fraction, and of a whole number ten times as much.
            total += (number.contains(UInt8(ascii: ".")) ? value : value / 10) * scale.nanoseconds
        }
        return isNegative ? -total : total
    }
}
