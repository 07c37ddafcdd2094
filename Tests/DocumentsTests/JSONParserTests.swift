import Documents
import KubernetesTypes
import Testing

@Suite("JSON of the server")
struct JSONParserTests {
    @Test(arguments: [
        #"{"a":[1,-2,1.5,true,false,null,"s"],"b":{}}"#, "[]", #""é\n""#, "18446744073709551615",
        "-9223372036854775808",
        #"{"a":"\ud83d\ude00\u0000"}"#, "1e-7", "1.5e+300",
    ])
    func roundTrip(_ source: String) throws {
        let parser = JSONParser()
        let bytes = Array(source.utf8)
        let text = try bytes.withUnsafeBytes { try parser.parse($0).jsonText }
        let again = try text.withUnsafeBytes { try parser.parse($0).jsonText }
        #expect(text == again)
        if !source.contains("\\") && !source.contains("+") { #expect(String(decoding: text, as: UTF8.self) == source) }
    }

    @Test func paddedInputIsParsedInPlace() throws {
        let parser = JSONParser()
        let source = Array(#"{"a":1}"#.utf8) + [UInt8](repeating: UInt8(ascii: "x"), count: JSONParser.padding)
        try source.withUnsafeBytes { bytes in
            let value = try parser.parse(bytes, count: 7)["a"]?.int
            #expect(value == 1)
            #expect(throws: DocumentError.self) { try parser.parse(bytes) }
            #expect(throws: DocumentError.self) { try parser.parse(bytes, count: bytes.count + 1) }
        }
    }

    @Test(arguments: [
        ("", DocumentError.Kind.syntax), (" ", .syntax), ("{", .syntax), (#"{"a":1} x"#, .syntax), ("1e400", .value),
        ("18446744073709551616", .value), ("-9223372036854775809", .value), ("[\"\u{1}\"]", .syntax),
    ])
    func refused(_ source: String, kind: DocumentError.Kind) {
        let parser = JSONParser()
        Array(source.utf8).withUnsafeBytes { bytes in
            do throws(DocumentError) {
                _ = try parser.parse(bytes)
                Issue.record("read: \(source)")
            } catch {
                #expect(error.kind == kind)
                #expect(error.position == .unknown)
            }
        }
    }

    @Test func buffersAreDroppedOnRequest() throws {
        let parser = JSONParser()
        let large = Array("[\"\(String(repeating: "x", count: 3_000_000))\"]".utf8)
        try large.withUnsafeBytes { _ = try parser.parse($0) }
        #expect(parser.heldBytes > 3_000_000)
        parser.release()
        #expect(parser.heldBytes == 0)
        let value = try Array(#"{"a":1}"#.utf8).withUnsafeBytes { try parser.parse($0)["a"]?.int }
        #expect(value == 1)
        #expect(parser.heldBytes < 100_000)
    }

    @Test func theLastOfTwoEqualKeysCounts() throws {
        let parser = JSONParser()
        let value = try Array(#"{"a":1,"b":0,"a":2}"#.utf8).withUnsafeBytes { try parser.parse($0)["a"]?.int }
        #expect(value == 2)
    }
}
