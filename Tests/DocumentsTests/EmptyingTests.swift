import CSimdjson
import Documents
import KubernetesTypes
import TestSupport
import Testing

/// Containers that the server's parser reads as empty.
@Suite struct EmptyingTests {
    private static let places: [String] = ["/a/b", "/a/c/d", "/e"]

    /// The document as it was read; nil where it is refused.
    private static func read(_ source: [UInt8], emptying places: [String]) -> String? {
        (try? ParsedJSON(source, emptying: places))?.read { String(decoding: $0.jsonText, as: UTF8.self) }
    }

    private static func read(_ source: String, emptying places: [String] = places) -> String? {
        read(Array(source.utf8), emptying: places)
    }

    @Test(arguments: [
        (#"{"a":{"b":[1,[2,{"x":"]"}],3]},"f":1}"#, #"{"a":{"b":[]},"f":1}"#),
        (#"{"a":{"b":{"x":{"y":1},"z":[]}}}"#, #"{"a":{"b":{}}}"#),
        (
            #"{ "a" : { "b" : [ 1 ] , "c" : { "d" : { "x" : 1 } , "f" : [ 2 ] } } , "e" : [ [ ] ] }"#,
            #"{"a":{"b":[],"c":{"d":{},"f":[2]}},"e":[]}"#
        ),
        // Each of two equal keys.
        (#"{"e":[1],"e":{"x":1},"a":{"b":[1],"b":[2]}}"#, #"{"e":[],"e":{},"a":{"b":[],"b":[]}}"#),
        // Where there is nothing to leave out.
        (#"{"a":{"b":[],"c":{"d":{}}},"e":[]}"#, #"{"a":{"b":[],"c":{"d":{}}},"e":[]}"#),
        (#"{"a":{"b":1,"c":"d"},"e":null}"#, #"{"a":{"b":1,"c":"d"},"e":null}"#),
        // Other places: deeper, in a list, keys that begin or end alike, a key that is written with an escape.
        (#"{"f":{"a":{"b":[1]},"e":[1]}}"#, #"{"f":{"a":{"b":[1]},"e":[1]}}"#),
        (#"{"a":[{"b":[1]}]}"#, #"{"a":[{"b":[1]}]}"#),
        (#"[{"e":[1]}]"#, #"[{"e":[1]}]"#),
        (#"{"ee":[1],"":[1],"e ":[1],"a":{"bb":[1],"":[1]}}"#, #"{"ee":[1],"":[1],"e ":[1],"a":{"bb":[1],"":[1]}}"#),
        (#"{"\u0065":[1],"\"e":[2],"e\"":[3]}"#, #"{"e":[1],"\"e":[2],"e\"":[3]}"#),
        ("1", "1"), (#""e""#, #""e""#), ("[]", "[]"), ("{}", "{}"),
    ])
    func emptied(_ source: String, _ expected: String) {
        #expect(Self.read(source) == expected)
    }

    @Test func noMoreIsKnownOfWhatStandsInside() {
        // Whatever is no bracket and no string is not looked at.
        for inside in ["1 2", "nul", ",", ":", #""x" "y""#, "1e999", "{]", #"{"x"}"#] {
            let source = #"{"e":["# + inside + #"],"f":1}"#
            #expect(Self.read(source, emptying: []) == nil, "\(inside)")
            #expect(Self.read(source) == #"{"e":[],"f":1}"#, "\(inside)")
        }
        // But it ends where it ends for every parser.
        for inside in ["]", "[", "\"", #""\""#, "\"\u{1}\"", "}", "{"] {
            #expect(Self.read(#"{"e":["# + inside + #"],"f":1}"#) == nil, "\(inside)")
        }
        #expect(Self.read(Array(#"{"e":[""#.utf8) + [0xC3, 0x28] + Array(#""]}"#.utf8), emptying: Self.places) == nil)
        #expect(Self.read(#"{"e":[1},"f":1}"#) == nil)
        #expect(Self.read(#"{"e":{1],"f":1}"#) == nil)
    }

    /// Every beginning of a document, and every document that lacks one of its bytes or has another, is refused or read as it
    /// would be otherwise, but for what stands in the containers. What is written wrong is never inside of them.
    @Test func piecesAreReadAsByOthers() {
        let outside = [#"{"a":{"b":["#, #"],"c":{"d":{"#, #"},"f":[1]}},"e":["#, #"],"g":[{}]}"#].map { Array($0.utf8) }
        let inside = [#"1,[]"#, #""x":1"#, #"{"y":"]"},2"#, ""].map { Array($0.utf8) }
        var pieces: [[UInt8]] = []
        for part in outside.indices {
            for index in outside[part].indices {
                for bytes in [""] + "{}[],:\" 1".map({ String($0) }) {
                    var changed = outside
                    changed[part].replaceSubrange(index...index, with: Array(bytes.utf8))
                    pieces.append(Array(zip(changed, inside).map { $0 + $1 }.joined()))
                }
            }
        }
        let whole = Array(zip(outside, inside).map { $0 + $1 }.joined())
        pieces += whole.indices.map { Array(whole[..<$0]) } + [whole]
        var accepted = 0
        for piece in pieces {
            let expected = Self.emptied(piece)
            if expected != nil { accepted += 1 }
            #expect(Self.read(piece, emptying: Self.places) == expected, "\(String(decoding: piece, as: UTF8.self))")
        }
        #expect(accepted > 20 && accepted < pieces.count / 2)
    }

    /// What is read of a document whose containers are emptied afterwards; nil where it is refused.
    private static func emptied(_ source: [UInt8]) -> String? {
        (try? ParsedJSON(source))?.read { String(decoding: JSONTree($0, emptying: places).json, as: UTF8.self) }
    }

    @Test(
        arguments: [("", "e", ""), (#""a":{"#, "b", "}"), (#""a":{"c":{"#, "d", "}}")],
        [510, 511, 512, 513, 514, 1_000_000])
    func depthIsLimitedInsideToo(_ place: (start: String, key: String, end: String), levels: Int) {
        // The objects around it are levels, and so is the innermost container.
        let count = levels - 2 - place.end.count
        for (open, innermost, close) in [
            ("[", "[1]", "]"), ("[", "[]", "]"), (#"{"x":"#, #"{"x":1}"#, "}"), (#"{"x":"#, "{}", "}"),
        ] {
            let inside = String(repeating: open, count: count) + innermost + String(repeating: close, count: count)
            let expected = #"{\#(place.start)"\#(place.key)":\#(open.prefix(1))\#(close)\#(place.end)}"#
            let found = Self.read(#"{\#(place.start)"\#(place.key)":\#(inside)\#(place.end)}"#)
            #expect(found == (levels <= DocumentLimits.depth ? expected : nil))
        }
    }

    /// What is no pointer to a field, or has a character that a key does not stand for itself with.
    @Test(arguments: [
        ("/a", true), ("/a/b", true), ("/a.b/é", true), ("", false), ("a", false), ("a/b", false), ("/a~0b", false),
        (#"/a\"#, false), (#"/a/"b"#, false),
    ])
    func pointers(_ pointer: String, _ isPlace: Bool) throws {
        let parser = try #require(csimdjson_create(1_024, 16))
        defer { csimdjson_destroy(parser) }
        #expect(csimdjson_empty(parser, pointer) == isPlace)
    }

    /// In buffers that hold what is left of the document before, or in new ones.
    @Test(arguments: [true, false]) func theNextDocumentIsReadAnew(isReleased: Bool) throws {
        let parser = JSONParser(emptying: Self.places)
        let long = #"{"e":[\#(Array(repeating: #"{"x":[1,2,3]}"#, count: 500).joined(separator: ","))],"f":[4,5]}"#
        for source in [long, #"{"f":[1,2,3],"e":4}"#, #"{"e":[["#, #"{"e":[1,2,3],"f":4}"#, "1", long, #"{"e":[1]}"#] {
            let found = try? Array(source.utf8).withUnsafeBytes {
                String(decoding: try parser.parse($0).jsonText, as: UTF8.self)
            }
            #expect(found == Self.read(source))
            if isReleased { parser.release() }
        }
    }

    /// What the public suite says of a document is said of it beside a container that is emptied.
    @Test(arguments: JSONSuiteTests.cases)
    func publicSuite(_ item: Fixtures.SuiteCase) {
        let beside = { (container: String) in Array("{\"e\":\(container),\"f\":".utf8) + item.input + Array("}".utf8) }
        #expect(
            Self.read(beside(#"[1,{"x":2}]"#), emptying: Self.places) == Self.read(beside("[]"), emptying: []))
    }
}
