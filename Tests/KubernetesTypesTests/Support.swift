import KubernetesTypes

/// Random numbers that are the same on every run (SplitMix64), so that a failure can be repeated.
struct FixedGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    mutating func pick<Elements: Collection>(_ elements: Elements) -> Elements.Element {
        elements[elements.index(elements.startIndex, offsetBy: Int.random(in: 0..<elements.count, using: &self))]
    }
}

/// What a parser throws, or nil when it accepts.
func thrown<Failure: Error>(_ body: () throws(Failure) -> Void) -> Failure? {
    do throws(Failure) {
        try body()
        return nil
    } catch {
        return error
    }
}

/// Every prefix of the bytes, and many texts that differ from them in one place, as bytes of a text.
func mutations(of string: String, using generator: inout FixedGenerator) -> [[UInt8]] {
    let bytes = Array(string.utf8)
    let replacements = Array("0aA-.:/[]%=eiKE+ \n@\u{0}".utf8) + [0x7F, 0x80, 0xFF]
    var results = (0...bytes.count).map { Array(bytes.prefix($0)) }
    for offset in bytes.indices {
        var changed = bytes
        changed[offset] = generator.pick(replacements)
        results.append(changed)
        var longer = bytes
        longer.insert(generator.pick(replacements), at: offset)
        results.append(longer)
        var shorter = bytes
        shorter.remove(at: offset)
        results.append(shorter)
    }
    return results
}

extension [UInt8] {
    /// Runs `body` on these very bytes, valid UTF-8 or not.
    func withText<Answer>(_ body: (Text) -> Answer) -> Answer {
        // One byte more than needed, so that there always is an address.
        (self + [0x30]).withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("a buffer of one byte has an address") }
            return body(Text(base: base, count: count))
        }
    }
}

extension String {
    /// The lines of a table, split at spaces.
    var rows: [[String]] {
        split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }
}
