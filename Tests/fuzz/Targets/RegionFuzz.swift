import KubernetesTypes
import TestSupport

/// Reviews of generated Regions: every choice is a byte of the input, so that changing one changes one choice.
enum RegionFuzz {
    static func run(_ bytes: [UInt8]) throws {
        var regions = RandomRegions(using: ByteGenerator(bytes))
        let object = regions.next()
        try ReviewFuzz.run(ReviewBody(region: object).bytes)
        let old = regions.next()
        try ReviewFuzz.run(ReviewBody(region: object, old: old, operation: "UPDATE").bytes)
    }
}

/// The input's bytes as random numbers; zeros once they are used up.
struct ByteGenerator: RandomNumberGenerator {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func next() -> UInt64 {
        // The standard library takes the high bits of a product, and rejects a few words with nothing but zeros below.
        UInt64(rest.popFirst() ?? 0) << 56 | 0x0080_0000_0000_0001
    }
}
