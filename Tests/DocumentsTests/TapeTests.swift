import Documents
import KubernetesTypes
import Testing

@Suite("The tape")
struct TapeTests {
    static let place = SourcePosition(line: 7, column: 9)

    /// Calls `body` with both values, each of a parser of its own.
    static func both<Answer>(_ left: String, _ right: String, _ body: (Value, Value) throws -> Answer) throws -> Answer?
    {
        try withDocument(Array(left.utf8)) { first in
            try withDocument(Array(right.utf8)) { second in try body(first.root, second.root) }
        }.flatMap { $0 }
    }

    @Test(arguments: [
        (#"{"a":1,"b":[1,2,{"c":null}]}"#, #"{"a":1,"b":[1,2,{"c":null}]}"#, true),
        (#"{"a":1,"b":2}"#, #"{"b":2,"a":1}"#, true),
        (#"{"a":{"x":1,"y":2},"b":2}"#, #"{"b":2,"a":{"y":2,"x":1}}"#, true),
        (#"{"a":1}"#, #"{"a":2}"#, false), (#"{"a":1}"#, #"{"b":1}"#, false), (#"{"a":1}"#, #"{"a":1,"b":1}"#, false),
        (#"{"a":1,"b":1}"#, #"{"a":1}"#, false), (#"{"a":[1]}"#, #"{"a":[1,1]}"#, false),
        (#"{"a":[1,2]}"#, #"{"a":[2,1]}"#, false), (#"{"a":1}"#, #"{"a":1.0}"#, true),
        (#"{"a":1}"#, #"{"a":"1"}"#, false),
        (#"{"a":1.5}"#, #"{"a":1.5}"#, true), (#"{"a":true}"#, #"{"a":false}"#, false),
        (#"{"a":18446744073709551615}"#, #"{"a":-1}"#, false), (#"{"a":null}"#, #"{}"#, false),
        ("{\"\u{E9}\":1}", "{\"e\u{301}\":1}", false),
    ])
    func equality(_ left: String, _ right: String, isEqual: Bool) throws {
        #expect(try Self.both(left, right) { $0.isEqual(to: $1) } == isEqual)
        #expect(try Self.both(right, left) { $0.isEqual(to: $1) } == isEqual)
    }

    /// Keys in another order at every level: the work must not double with each.
    @Test func equalityOfDeepObjectsIsNoTrap() throws {
        let left = String(repeating: #"{"x":1,"y":2,"k":"#, count: 400) + "1" + String(repeating: "}", count: 400)
        let right = String(repeating: #"{"k":"#, count: 400) + "1" + String(repeating: #","y":2,"x":1}"#, count: 400)
        #expect(try Self.both(left, right) { $0.isEqual(to: $1) } == true)
    }

    @Test func aCopyOfItsOwnWordsMovesTheContainers() throws {
        let builder = TapeBuilder()
        builder.beginArray(Self.place)
        let first = builder.count
        builder.beginObject(Self.place)
        builder.string("k", Self.place)
        builder.beginArray(Self.place)
        builder.double(1.5, Self.place)
        builder.int(-1, Self.place)
        builder.unsigned(UInt64.max, Self.place)
        builder.bool(true, Self.place)
        builder.null(Self.place)
        builder.end()
        builder.end()
        // Enough copies for the storage to move several times.
        for _ in 0..<2_000 { #expect(builder.copy(builder.value(at: first)) == 2) }
        builder.end()
        #expect(builder.root.childCount == 2_001)
        let original = builder.value(at: first)
        for element in builder.root.elements {
            #expect(element.isEqual(to: original))
            #expect(element["k"]?.position == Self.place)
        }
        #expect(String(decoding: original.jsonText, as: UTF8.self) == #"{"k":[1.5,-1,18446744073709551615,true,null]}"#)
    }

    @Test func aCopyOfAnotherDocumentKeepsItsPlaces() throws {
        let marked = Marked("a: 📍{b: 📍[x, 1.5]}")
        try withDocument(marked.bytes) { document in
            let builder = TapeBuilder()
            builder.beginArray(Self.place)
            builder.copy(document.root)
            builder.end()
            let copy = builder.root.elements.first { _ in true }
            #expect(copy?.isEqual(to: document.root) == true)
            #expect(copy?.at(path: "a")?.position == marked.places[0])
            #expect(copy?.at(path: "a.b")?.position == marked.places[1])
        }
        let parser = JSONParser()
        try Array(#"{"a":["x",{"b":1}]}"#.utf8).withUnsafeBytes { bytes in
            let value = try parser.parse(bytes)
            let builder = TapeBuilder()
            builder.beginObject(Self.place)
            builder.copyContents(of: value)
            builder.string("c", Self.place)
            builder.int(2, Self.place)
            builder.end()
            #expect(String(decoding: builder.root.jsonText, as: UTF8.self) == #"{"a":["x",{"b":1}],"c":2}"#)
            #expect(builder.root["a"]?.position == .unknown)
        }
    }

    @Test func fieldsAreTakenOut() {
        let builder = TapeBuilder()
        builder.beginObject(Self.place)
        var starts: [Int] = []
        for name in ["a", "b", "c", "d"] {
            starts.append(builder.count)
            builder.string(name, Self.place)
            builder.beginArray(Self.place)
            builder.double(0.5, Self.place)
            builder.string(name, Self.place)
            builder.end()
        }
        builder.end()
        builder.removeWords([starts[0]..<starts[1], starts[2]..<starts[3]], fromLastObject: 1)
        #expect(String(decoding: builder.root.jsonText, as: UTF8.self) == #"{"b":[0.5,"b"],"d":[0.5,"d"]}"#)
        #expect(builder.root.wordCount + 1 == builder.count)
    }

    @Test(
        arguments: [
            (0.0, "0"), (-0.0, "-0"), (1, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1e-6, "0.000001"), (1e-7, "1e-7"), (1.5e-10, "1.5e-10"), (.leastNonzeroMagnitude, "5e-324"),
            (123_456.789, "123456.789"),
            (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"), (9_007_199_254_740_992, "9007199254740992"),
            (1.234_567_890_123_456_8e29, "1.2345678901234568e+29"), (100, "100"), (0.000_123, "0.000123"),
        ] as [(Double, String)])
    func numbersAreWrittenAsGoDoes(_ value: Double, _ text: String) { #expect(GoNumber.json(value) == text) }

    @Test func textIsEscapedAsGoDoes() {
        let builder = TapeBuilder()
        builder.string("\"\\/\u{8}\t\n\u{C}\r\u{1}\u{1F}\u{7F}<>&é😀\u{2028}\u{2029}\u{2027}", Self.place)
        let expected = #""\"\\/\b\t\n\f\r\u0001\u001f"# + "\u{7F}<>&é😀" + #"\u2028\u2029"# + "\u{2027}\""
        #expect(String(decoding: builder.root.jsonText, as: UTF8.self) == expected)
    }
}
