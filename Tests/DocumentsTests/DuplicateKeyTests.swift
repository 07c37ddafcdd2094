import Documents
import KubernetesTypes
import Testing

@Suite("Duplicate keys")
struct DuplicateKeyTests {
    struct Case: Sendable {
        /// 📍 stands before both occurrences of each duplicate key, in their order on the page.
        var source: String
        var json: String
        init(_ source: String, _ json: String) { (self.source, self.json) = (source, json) }
    }

    static let cases = [
        Case("📍a: 1\nb: 2\n📍a: 3\n", #"{"a":3,"b":2}"#),
        Case("📍a: 1\n📍\"a\": 3\n", #"{"a":3}"#),
        Case("x:\n- {📍a: 1, 📍a: 2}\n", #"{"x":[{"a":2}]}"#),
        Case("📍1: a\n📍0x1: b\n", #"{"1":"b"}"#),
        Case("📍yes: a\n📍true: b\n", #"{"true":"b"}"#),
        Case(#"{"x": {📍"a": 1, 📍"a": 2}}"#, #"{"x":{"a":2}}"#),
        Case(#"{📍"a": 1, 📍"\u0061": 2}"#, #"{"a":2}"#),
        Case("m: &m {a: 1}\nw:\n  <<: *m\n  a: 2\n", #"{"m":{"a":1},"w":{"a":2}}"#),
        Case("m: &m {a: 1}\nw:\n  <<: *m\n  📍b: 2\n  a: 2\n  📍b: 3\n", #"{"m":{"a":1},"w":{"a":2,"b":3}}"#),
        Case("a: {a: {a: 1}}\nb: {a: 1}\n", #"{"a":{"a":{"a":1}},"b":{"a":1}}"#),
        // Composed and decomposed are two keys, as they are for the API server.
        Case("\u{E9}: 1\ne\u{301}: 2\n", "{\"e\u{301}\":2,\"\u{E9}\":1}"),
        Case("{\"\u{E9}\": 1, \"e\u{301}\": 2}", "{\"e\u{301}\":2,\"\u{E9}\":1}"),
    ]

    @Test(arguments: cases)
    func duplicate(_ item: Case) throws {
        let marked = Marked(item.source)
        try withDocument(marked.bytes) { document in
            #expect(document.duplicateKeys.flatMap { [$0.first, $0.second] } == marked.places)
            #expect(Array(canonicalJSON(document.root).utf8) == Array(item.json.utf8), "\(item.source)")
        }
    }

    @Test func eachRepetitionIsTold() throws {
        let marked = Marked("📍k: 1\n📍k: 2\n📍k: 3\n")
        try withDocument(marked.bytes) { document in
            let places = marked.places
            #expect(
                document.duplicateKeys == [
                    DuplicateKey(key: "k", first: places[0], second: places[1]),
                    DuplicateKey(key: "k", first: places[0], second: places[2]),
                ])
            #expect(document.root["k"]?.int == 3)
        }
    }

    @Test(arguments: [5, 16, 17, 200]) func anyNumberOfKeys(_ count: Int) throws {
        let keys = (0..<count).map { "key-\($0): \($0)" } + ["key-3: again"]
        let found = try withDocument(Array(keys.joined(separator: "\n").utf8)) { document in
            document.duplicateKeys.map { [$0.first.line, $0.second.line] }
        }
        #expect(found == [[4, UInt32(count + 1)]])
    }
}
