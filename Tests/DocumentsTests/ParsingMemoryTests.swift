import Documents
import Testing

/// How much parsing may take is known before it is done.
@Suite struct ParsingMemoryTests {
    private static let marks = Set("[]{},:\" \n\r\t".utf8)

    private static func expected(_ bytes: [UInt8]) -> Int {
        bytes.count + 24 * bytes.count { marks.contains($0) || $0 < 0x20 }
    }

    private static func memory(_ bytes: [UInt8]) -> Int { bytes.withUnsafeBytes { JSONParser.memory(for: $0) } }

    @Test(arguments: [
        ("", 0), ("1", 1), ("[1,1]", 5 + 3 * 24), (#"{"a":"b"}"#, 9 + 7 * 24), (" \t\r\n", 4 + 4 * 24),
        (#"\u005b\\"#, 8),
    ])
    func marksAreCounted(_ text: String, _ memory: Int) {
        #expect(Self.memory(Array(text.utf8)) == memory)
    }

    /// Every byte, and lengths around the block that is counted at once.
    @Test func everyByteAndLength() {
        for byte in UInt8.min...UInt8.max {
            let bytes = [UInt8](repeating: byte, count: 300)
            for count in [1, 127, 128, 129, 255, 256, 257, 300] {
                #expect(Self.memory(Array(bytes[..<count])) == Self.expected(Array(bytes[..<count])))
            }
        }
        let mixed = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 37 ^ ($0 >> 5)) }
        for count in [1_000, 1_023, 1_024, 9_999, 10_000] {
            #expect(Self.memory(Array(mixed[..<count])) == Self.expected(Array(mixed[..<count])))
        }
    }
}
