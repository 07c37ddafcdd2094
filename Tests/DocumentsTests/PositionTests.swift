import Documents
import KubernetesTypes
import Testing

@Suite("Values know their place")
struct PositionTests {
    struct Case: Sendable {
        var path: String
        var source: String
        /// Whether the marker stands before the key rather than the value.
        var isKey = false
        init(_ path: String, _ source: String, key: Bool = false) {
            (self.path, self.source, isKey) = (path, source, key)
        }
    }

    static let cases = [
        Case("a", "a: 📍1"),
        Case("a", "📍a: 1", key: true),
        Case("a.b", "a:\n  📍b: x", key: true),
        Case("a.b", "a:\n  b: 📍x"),
        Case("a.1", "a:\n- x\n- 📍y\n"),
        Case("a.1.c", "a:\n  - b: 1\n  - b: 2\n    c: 📍3\n"),
        Case("a", "a: 📍{b: 1}"),
        Case("a.b", "a: {x: [1, 2.5, 18446744073709551615], b: 📍1}"),
        Case("a", "a: 📍[]"),
        Case("a", "a: 📍\"x\""),
        Case("a", "a: 📍|\n  text\n"),
        Case("b", "a: |\n  text\n\nb: 📍1\n"),
        Case("b", "# comment\n\na: 1 # comment\nb: 📍1\n"),
        Case("b", "é: 日本\n📍b: 1", key: true),
        Case("b", "{é: 😀, b: 📍1}"),
        Case("b", "{é: 😀, 📍b: 1}", key: true),
        Case("b", "a: 1\r\nb: 📍2\r\n"),
        Case("b", "a: 1\rb: 📍2\r"),
        Case("b", "\u{FEFF}a: 1\nb: 📍2\n"),
        Case("a", "\u{FEFF}a: 📍1\n"),
        Case("b", "---\na: 1\nb: 📍2\n"),
        Case("b", "a: &x 📍1\nb: *x\n".replacing("&x 📍", with: "📍&x ")),
        Case("w.k", "x: &x {k: 📍1}\nw:\n  <<: *x\n  z: 2\n"),
        Case("w.k", "x: &x {k: 1}\nw:\n  <<: *x\n  k: 📍2\n"),
        Case("w.z", "x: &x {k: 1}\nw:\n  k: 3\n  <<: *x\n  z: 📍2\n"),
        Case("s", "x: &x s\n📍*x : 1", key: true),
        Case("w.s", "? &x s\n: 1\nw: {📍*x : 1}", key: true),
        Case("true", "📍yes: 1", key: true),
        Case("a", #"{"a": 📍1}"#),
        Case("a", #"{📍"a": 1}"#, key: true),
        Case("a.b", "{\n  \"a\": {\"x\": [1, -2, 1.5e3, true, null, \"s\"],\r\n\t\"b\": 📍[]}}"),
        Case("b", #"{"é😀": "日本", "b": 📍{}}"#),
        Case("b", #"{"a": "\u00e9\ud83d\ude00\"", "b": 📍false}"#),
        Case("b", "\u{FEFF}{\"a\": 18446744073709551615,\n📍\"b\":0}", key: true),
    ]

    @Test(arguments: cases)
    func place(_ item: Case) throws {
        let marked = Marked(item.source)
        let place = try withDocument(marked.bytes) { document in
            let value = document.root.at(path: item.path)
            return item.isKey ? value?.keyPosition : value?.position
        }
        #expect(place == marked.places.first, "\(item.source)")
    }

    @Test func everyWordOfAContainerKnowsItsStart() throws {
        let marked = Marked("📍a: 📍{b: 📍[1, 2]}")
        try withDocument(marked.bytes) { document in
            #expect(document.start == marked.places[0])
            #expect(document.root.position == marked.places[0])
            #expect(document.root.at(path: "a")?.position == marked.places[1])
            #expect(document.root.at(path: "a.b")?.position == marked.places[2])
        }
    }
}

extension String {
    fileprivate func replacing(_ part: String, with other: String) -> String {
        guard let range = firstRange(of: part) else { return self }
        var copy = self
        copy.replaceSubrange(range, with: other)
        return copy
    }
}
