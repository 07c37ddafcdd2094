import KubernetesTypes
import Testing

@Suite struct PrintableTextTests {
    @Test(arguments: ["", "plain ASCII ~!", "d\u{FC}sseldorf", "\u{65E5}\u{672C}", "e\u{301}", "\u{1F600}", "\\u{41}"])
    func leavesHarmlessTextAlone(text: String) {
        #expect(PrintableText.escaped(text) == text)
        #expect(text.withText { PrintableText.escaped($0) } == text)
    }

    @Test(arguments: [
        ("a\nb", "a\\u{000A}b"), ("\u{0}", "\\u{0000}"), ("\u{1B}[2J", "\\u{001B}[2J"), ("\u{7F}", "\\u{007F}"),
        ("\u{85}", "\\u{0085}"), ("\u{9B}", "\\u{009B}"), ("\u{61C}", "\\u{061C}"), ("\u{200B}", "\\u{200B}"),
        ("\u{200E}\u{200F}", "\\u{200E}\\u{200F}"), ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
        ("\u{202A}\u{202E}", "\\u{202A}\\u{202E}"), ("\u{2066}\u{2069}", "\\u{2066}\\u{2069}"),
        ("\u{FEFF}a", "\\u{FEFF}a"), ("a\u{A0}b", "a\\u{00A0}b"), ("\u{E0041}", "\\u{E0041}"),
        ("\r\n", "\\u{000D}\\u{000A}"),
    ])
    func escapes(text: String, shown: String) {
        #expect(PrintableText.escaped(text) == shown)
        #expect(text.withText { PrintableText.quoted($0) } == "\"" + shown + "\"")
    }

    /// Every control and format character, whatever it stands next to.
    @Test func resultHoldsNoUnsafeScalar() {
        for value in UInt32(0)...0x2_0000 {
            guard let scalar = Unicode.Scalar(value), !PrintableText.isSafe(scalar) else { continue }
            #expect(PrintableText.escaped("a\(scalar)").unicodeScalars.allSatisfy { $0.isASCII })
        }
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd\u{2026}"), ("abcdef", 1, "\u{2026}"), ("abcdef", 0, ""),
        ("\u{1F600}\u{1F600}\u{1F600}", 3, "\u{1F600}\u{1F600}\u{1F600}"),
        ("\u{1F600}\u{1F600}\u{1F600}", 2, "\u{1F600}\u{2026}"),
        ("ab\ncd", 9, "ab\u{2026}"), ("ab\n", 10, "ab\\u{000A}"), ("ab\ncd", 11, "ab\\u{000A}\u{2026}"), ("", 0, ""),
    ])
    func truncates(text: String, limit: Int, shown: String) {
        #expect(PrintableText.escaped(text, limit: limit) == shown)
        #expect(text.withText { PrintableText.escaped($0, limit: limit) } == shown)
    }

    @Test func neverExceedsTheLimit() {
        var generator = FixedGenerator(seed: 12)
        let scalars = Array("ab\u{0}\u{202E}\u{E9}\u{1F600}\u{301}\n".unicodeScalars)
        for length in 0..<60 {
            var text = ""
            for _ in 0..<length { text.unicodeScalars.append(generator.pick(scalars)) }
            for limit in [0, 1, 2, 7, 8, 30] {
                let shown = PrintableText.escaped(text, limit: limit)
                #expect(shown.unicodeScalars.count <= limit)
                #expect(text.withText { PrintableText.escaped($0, limit: limit) } == shown)
            }
        }
    }
}
