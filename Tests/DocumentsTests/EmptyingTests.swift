import Documents
import KubernetesTypes
import TestSupport
import Testing

/// Containers that the server's parser reads as empty.
@Suite struct EmptyingTests {
    private static let places: [String] = ["/a/b", "/a/c/d", "/e"]

    /// The document as it was read, with its pointers; nil where it is refused.
    private static func read(_ source: [UInt8], emptying places: [String]) -> String? {
        let parser = JSONParser(emptying: places)
        return try? source.withUnsafeBytes { String(decoding: try parser.parse($0).jsonText, as: UTF8.self) }
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
    /// would be otherwise.
    @Test func piecesAreReadAsByOthers() {
        let whole = Array(#"{"a":{"b":1,"c":{"d":"x","f":[1]}},"e":2,"g":[{}]}"#.utf8)
        var pieces = whole.indices.map { Array(whole[..<$0]) }
        for index in whole.indices {
            var piece = whole
            piece.remove(at: index)
            pieces.append(piece)
            for byte in "{}[],:\" 1".utf8 {
                piece = whole
                piece[index] = byte
                pieces.append(piece)
            }
        }
        let rest = pieces.filter { Self.read($0, emptying: []) != nil }
        #expect(rest.count > 20)
        for piece in pieces {
            let text = String(decoding: piece, as: UTF8.self)
            #expect(Self.read(piece, emptying: Self.places) == Self.read(piece, emptying: []), "\(text)")
        }
    }

    @Test(arguments: [510, 511, 512, 513, 514, 1_000_000])
    func depthIsLimitedInsideToo(levels: Int) {
        // The object around it is a level, too.
        let inside = String(repeating: "[", count: levels - 1) + "1" + String(repeating: "]", count: levels - 1)
        let expected = levels <= DocumentLimits.depth ? #"{"e":[]}"# : nil
        #expect(Self.read(#"{"e":\#(inside)}"#) == expected)
    }

    @Test func theNextDocumentIsReadAnew() throws {
        let parser = JSONParser(emptying: Self.places)
        for source in [#"{"e":[1,2,3],"f":4}"#, #"{"f":[1,2,3],"e":4}"#, #"{"e":[["#, #"{"e":[1,2,3],"f":4}"#] {
            let found = try? Array(source.utf8).withUnsafeBytes {
                String(decoding: try parser.parse($0).jsonText, as: UTF8.self)
            }
            #expect(found == Self.read(source))
            parser.release()
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
