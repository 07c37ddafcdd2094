/// SHA-256, for ids that are derived from a name. Not for secrets: nothing here hides how long it takes.
///
/// Source: FIPS 180-4, sections 4.1.2, 4.2.2, 5.1.1, 5.3.3 and 6.2; the names of the variables are the standard's.
package enum SHA256 {
    /// The digest, 32 bytes.
    package static func digest(_ message: some Collection<UInt8>) -> [UInt8] {
        var padded = Array(message)
        let bits = UInt64(padded.count) * 8
        padded.append(0x80)
        while padded.count % 64 != 56 { padded.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }

        var hash = initial
        for start in stride(from: 0, to: padded.count, by: 64) {
            let block = padded[start..<start + 64]
            let next = compress(hash, schedule(block))
            for index in hash.indices { hash[index] &+= next[index] }
        }
        return hash.flatMap { word in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
    }

    /// The message schedule of one block: its sixteen words, and 48 more made of them.
    private static func schedule(_ block: ArraySlice<UInt8>) -> [UInt32] {
        var w: [UInt32] = []
        w.reserveCapacity(64)
        var word: UInt32 = 0
        for (index, byte) in block.enumerated() {
            word = word << 8 | UInt32(byte)
            if index % 4 == 3 { w.append(word) }
        }
        for t in 16..<64 {
            let (x, y) = (w[t - 15], w[t - 2])
            let s0 = rotate(x, 7) ^ rotate(x, 18) ^ x >> 3
            let s1 = rotate(y, 17) ^ rotate(y, 19) ^ y >> 10
            w.append(s1 &+ w[t - 7] &+ s0 &+ w[t - 16])
        }
        return w
    }

    private static func compress(_ hash: [UInt32], _ w: [UInt32]) -> [UInt32] {
        var (a, b, c, d) = (hash[0], hash[1], hash[2], hash[3])
        var (e, f, g, h) = (hash[4], hash[5], hash[6], hash[7])
        for t in 0..<64 {
            let t1 = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ ((e & f) ^ (~e & g)) &+ constants[t] &+ w[t]
            let t2 = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ ((a & b) ^ (a & c) ^ (b & c))
            (h, g, f, e) = (g, f, e, d &+ t1)
            (d, c, b, a) = (c, b, a, t1 &+ t2)
        }
        return [a, b, c, d, e, f, g, h]
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    private static let primes: [UInt64] = {
        var primes: [UInt64] = []
        var candidate: UInt64 = 2
        while primes.count < 64 {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes
    }()

    /// The first 32 bits of the fractions of the square roots of the first eight primes: the whole part is dropped.
    private static let initial = primes.prefix(8).map { prime in
        // √p × 2³² is the integer root of p × 2⁶⁴.
        UInt32(truncatingIfNeeded: largest { UInt128($0) * UInt128($0) <= UInt128(prime) << 64 })
    }

    /// The same of the cube roots of the first 64 primes.
    private static let constants = primes.map { prime in
        // ∛p × 2³² is the integer root of p × 2⁹⁶; p is below 2⁹, and the root below 2³⁵.
        UInt32(truncatingIfNeeded: largest { UInt128($0) * UInt128($0) * UInt128($0) <= UInt128(prime) << 96 })
    }

    /// The largest number below 2³⁶ that satisfies a condition which holds up to it and not beyond.
    private static func largest(where holds: (UInt64) -> Bool) -> UInt64 {
        var result: UInt64 = 0
        for bit in stride(from: 35, through: 0, by: -1) where holds(result | 1 << UInt64(bit)) {
            result |= 1 << UInt64(bit)
        }
        return result
    }
}

extension UUIDKey {
    /// The id that a chart gives to the Region of a name: digits of the SHA-256 of the name, laid out as a UUID of
    /// version 4 whose first digit is `f`.
    package init(regionNamed name: String) {
        let digest = SHA256.digest(name.utf8)
        // Digits 0 to 15 and 16 to 31. The layout keeps all but three of them, whose places take `f`, the version and
        // the variant.
        var words: (high: UInt64, low: UInt64) = (0, 0)
        for byte in digest.prefix(8) { words.high = words.high << 8 | UInt64(byte) }
        for byte in digest.dropFirst(8).prefix(8) { words.low = words.low << 8 | UInt64(byte) }
        high = words.high & 0x0FFF_FFFF_FFFF_0FFF | 0xF000_0000_0000_4000
        low = words.low & 0x0FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    }
}
