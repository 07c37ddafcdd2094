import Documents
import KubernetesTypes
import Testing

@Suite("Streams of documents")
struct StreamTests {
    struct Case: Sendable {
        var source: String
        var expected: [String]
        init(_ source: String, _ expected: String...) { (self.source, self.expected) = (source, expected) }
    }

    static let yaml = [
        Case(""),
        Case("# nothing\n"),
        Case("a: 1\n", "0 @1:1 {\"a\":1}"),
        Case("---\na: 1\n---\nb: 2\n", "0 @1:1 {\"a\":1}", "1 @3:1 {\"b\":2}"),
        Case("a: 1\n--- # comment\nb: 2\n...\n", "0 @1:1 {\"a\":1}", "1 @2:1 {\"b\":2}"),
        Case("---\n---\na: 1\n", "0 @1:1 null", "1 @2:1 {\"a\":1}"),
        Case("--- {a: 1}\n--- [2]\n", "0 @1:1 {\"a\":1}", "1 @2:1 [2]"),
        Case("a: &x 1\n---\nb: *x\n", "0 @1:1 {\"a\":1}", "value @3:4"),
    ]

    static let recovery = [
        Case("a: [1\n---\nb: 2\n", "syntax @2:1", "1 @2:1 {\"b\":2}"),
        Case("a: 1\n]\n---\nb: 2\n", "syntax @2:1", "1 @3:1 {\"b\":2}"),
        Case("a: \"x\n---\nb: 2\n", "syntax @2:1", "1 @2:1 {\"b\":2}"),
        Case("--- {a: ]\n--- {b: 2}\n", "syntax @1:9", "1 @2:1 {\"b\":2}"),
        Case(
            "a: 1\n---\n\tb: 2\n---\nc: 3\n---\nd: [\n", "0 @1:1 {\"a\":1}", "syntax @3:1", "2 @4:1 {\"c\":3}",
            "syntax @8:1"),
        Case("a: .inf\n---\nb: 2\n", "value @1:4", "1 @2:1 {\"b\":2}"),
        Case("a: !!int x\nc: [\n---\nb: 2\n", "value @1:4", "1 @3:1 {\"b\":2}"),
        Case("? [a]\n: b\n---\nb: 2\n", "value @1:3", "1 @3:1 {\"b\":2}"),
        Case("a: ---\nb: [\n --- x\n---x\n---\nc: 3\n", "syntax @5:1", "1 @5:1 {\"c\":3}"),
        Case("a: b: c\r\n---\r\nb: 2\r\n", "syntax @1:5", "1 @2:1 {\"b\":2}"),
        Case("a: [\n---", "syntax @2:1", "1 @2:1 null"),
        Case("%YAML 1.2\n---\na: 1\n---\nb: 2\n", "syntax @1:1", "1 @4:1 {\"b\":2}"),
        Case("a: 1\n...\nb: 2\n---\nc: 3\n", "0 @1:1 {\"a\":1}", "syntax @3:1", "2 @4:1 {\"c\":3}"),
    ]

    static let json = [
        Case("{\"a\":1}{\"b\":2}\n {\"c\":3}", "0 @1:1 {\"a\":1}", "1 @1:8 {\"b\":2}", "2 @2:2 {\"c\":3}"),
        Case("\u{FEFF} {\"a\":1}\n", "0 @1:2 {\"a\":1}"),
        Case("{\"a\":1}\n---\n{\"b\":2}\n---\nc: 3\n", "0 @1:1 {\"a\":1}", "1 @2:1 {\"b\":2}", "2 @4:1 {\"c\":3}"),
        Case("{a: 1}\n---\nb: 2\n", "0 @1:1 {\"a\":1}", "1 @2:1 {\"b\":2}"),
        Case("{\"a\": 1,}\n", "0 @1:1 {\"a\":1}"),
        Case("{\"a\":1}{\"b\":2}{c: 3}\n", "0 @1:1 {\"a\":1}", "1 @1:8 {\"b\":2}", "syntax @1:16"),
        Case("{\"a\":1}\n{\"b\":\n", "0 @1:1 {\"a\":1}", "syntax @3:1"),
        Case("{\"a\":1e400}\n", "value @1:6"),
        Case("[1,2]\n", "0 @1:1 [1,2]"),
    ]

    @Test(arguments: yaml + recovery + json)
    func stream(_ item: Case) {
        #expect(outline(item.source) == item.expected, "\(item.source)")
    }

    /// libyaml decodes far ahead of what it parses; what cannot be decoded must not spoil the documents before it.
    @Test(arguments: [1, 3, 2_000])
    func bytesThatAreNoTextSpoilTheirDocumentOnly(documents: Int) {
        var source: [UInt8] = []
        for index in 0..<documents { source += Array("---\na: \(index)\n".utf8) }
        source += Array("---\nb: é".utf8) + [0xFF] + Array("\n---\nc: ".utf8) + [0x01] + Array("\n---\nd: 1\n".utf8)
        let lines = outline(source)
        #expect(lines.count == documents + 3)
        #expect(lines.first == "0 @1:1 {\"a\":0}")
        let line = documents * 2
        #expect(
            lines.suffix(3) == [
                "encoding @\(line + 2):5", "encoding @\(line + 4):4", "\(documents + 2) @\(line + 5):1 {\"d\":1}",
            ])
    }

    @Test func bytesThatAreNoTextBehindDirectives() {
        let source = Array("%YAML 1.1\n---\na: ".utf8) + [0x01] + Array("\n---\nb: 1\n".utf8)
        #expect(outline(source) == ["encoding @3:4", "1 @4:1 {\"b\":1}"])
        let second = Array("x: 1\n...\n%YAML 1.1\n---\na: ".utf8) + [0x01] + Array("\n---\nb: 1\n".utf8)
        #expect(outline(second) == ["0 @1:1 {\"x\":1}", "encoding @5:4", "2 @6:1 {\"b\":1}"])
    }

    @Test(arguments: [true, false])
    func utf16IsRead(isBigEndian: Bool) {
        let units = Array("\u{FEFF}a: 😀\n---\nb: [\n---\nc: 1\n".utf16)
        let source = units.flatMap { unit in
            let bytes = [UInt8(truncatingIfNeeded: unit >> 8), UInt8(truncatingIfNeeded: unit)]
            return isBigEndian ? bytes : bytes.reversed()
        }
        #expect(outline(source) == ["0 @1:1 {\"a\":\"😀\"}", "syntax @4:1", "2 @4:1 {\"c\":1}"])
        #expect(outline(source + [0]).last?.hasPrefix("encoding") == true)
    }

    @Test func aReaderIsUsedForManyInputs() throws {
        let stream = DocumentStream()
        for round in 0..<3 {
            for source in ["a: \(round)\n---\nb: [", "{\"a\":\(round)}", "a: \(round)"] {
                try Array(source.utf8).withUnsafeBytes { bytes in
                    stream.open(bytes)
                    let document = try stream.next()
                    #expect(document.map { canonicalJSON($0.root) } == "{\"a\":\(round)}")
                    #expect(document?.index == 0)
                }
            }
        }
    }

    @Test func manyBrokenDocumentsTakeLinearTime() {
        let source = String(repeating: "---\na: [\n", count: 5_000)
        let start = ContinuousClock.now
        #expect(outline(source).count == 5_000)
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
