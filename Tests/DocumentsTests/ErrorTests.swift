import Documents
import KubernetesTypes
import Testing

@Suite("Errors say what and where")
struct ErrorTests {
    struct Case: Sendable {
        var source: String
        var kind: DocumentError.Kind
        var message: String
        init(_ source: String, _ kind: DocumentError.Kind, _ message: String) {
            (self.source, self.kind, self.message) = (source, kind, message)
        }
    }

    static let yaml = [
        Case("a: [b: ]📍]", .syntax, "did not find expected"),
        Case(
            "a:\n  b: 1\n 📍c: 2\n", .syntax,
            "did not find expected key (while parsing a block mapping that starts at 1:1)"),
        Case("a: b📍: c\n", .syntax, "mapping values are not allowed"),
        Case("a: 📍@x\n", .syntax, "cannot start any token"),
        Case("a: 📍*x\n", .value, "unknown anchor 'x'"),
        Case("a: &x [📍*x]\n", .value, "contains itself"),
        Case("a: &x {<<: 📍*x}\n", .value, "contains itself"),
        Case("a: 📍.inf\n", .value, "infinity"),
        Case("a: [1, 📍!!bool 2]\n", .value, "!!bool does not fit: this is an integer"),
        Case("a: 📍!!binary '*'\n", .value, "base64"),
        Case("📍[a]: 1\n", .value, "a key is a mapping or a sequence"),
        Case("a: {📍null: 1}\n", .value, "a key is null"),
        Case("📍18446744073709551615: 1\n", .value, "above 9223372036854775807"),
        Case("x: &x [1]\n📍*x : 1\n", .value, "a key is a mapping or a sequence"),
        Case("a:\n  <<: 📍1\n", .value, "<< needs a mapping"),
        Case("x: &x 1\na:\n  <<: 📍*x\n", .value, "<< needs a mapping"),
        Case("a:\n  <<: [{}, 📍1]\n", .value, "<< needs a mapping"),
        Case("a: é📍\u{1}\n", .encoding, "control characters are not allowed (0x1)"),
        Case("a: é📍\0\n", .encoding, "control characters are not allowed (0x0)"),
        Case("a: \"\\u📍d800\"\n", .syntax, "invalid Unicode character escape"),
        Case("📍%YAML 1.2\n---\na: 1\n", .syntax, "only 1.1"),
    ]

    static let json = [
        Case(#"{"a":1}{"b":2}{"a": 📍}"#, .syntax, "expected a value, found '}'"),
        Case("{\"a\": tru}{\n", .syntax, ""),
        Case("{\"a\":1}{\"b\":2}\n{\"é\": 📍x}", .syntax, "expected a value, found 'x'"),
        Case("{\"a\":1}{\"b\":2}{📍b: 1}", .syntax, "expected a key in double quotes, found 'b'"),
        Case("{\"a\":1}{\"b\":2}{\"b\" 📍1}", .syntax, "expected ':' after the key"),
        Case("{\"a\":1}{\"b\":2}{\"b\":1📍]", .syntax, "expected ',' or '}', found ']'"),
        Case("{\"a\":1}{\"b\":2}{\"b\":[1📍}", .syntax, "expected ',' or ']', found '}'"),
        Case("{\"a\":1}{\"b\":2}{\"b\":[1,📍]}", .syntax, "expected a value, found ']'"),
        Case("{\"a\":1}{\"b\":2}{\"b\":1,📍}", .syntax, "expected a key"),
        Case("{\"a\":1}{\"b\":2}{\"b\":📍01}", .syntax, "starts with 0"),
        Case("{\"a\":1}{\"b\":2}{\"b\":1.📍}", .syntax, "expected a digit"),
        Case("{\"a\":1}{\"b\":2}{\"b\":-📍x}", .syntax, "expected a digit"),
        Case("{\"a\":1}{\"b\":2}{\"b\":1e📍}", .syntax, "expected a digit"),
        Case("{\"a\":1}{\"b\":2}{\"b\":\"📍\n\"}", .syntax, "0x0A must be escaped"),
        Case("{\"a\":1}{\"b\":2}{\"b\":\"📍\0\"}", .syntax, "0x00 must be escaped"),
        Case("{\"a\":1}{\"b\":2}{\"b\":\"📍\\x\"}", .syntax, "unknown escape"),
        Case("{\"a\":1}{\"b\":2}{\"b\":\"📍\\u12\"}", .syntax, "four hexadecimal digits"),
        Case("{\"a\":1}{\"b\":2}{\n\"b\":\"x📍", .syntax, "ends inside the string that starts at 2:5"),
        Case("{\"a\":1}{\"b\":2}{\n\"b\":[1📍", .syntax, "ends inside the array that starts at 2:5"),
        Case("{\"a\": \"é📍\\ud800\"}", .encoding, "\\ud800 is half of a character"),
        Case("{\"a\": \"📍\\ud800\\u0041\"}", .encoding, "\\ud800 is half of a character"),
        Case("{\"a\": \"📍\\ude00\"}", .encoding, "\\ude00 is half of a character"),
        Case("{\"a\": 📍18446744073709551616}", .value, "out of range"),
        Case("{\"a\": 📍-9223372036854775809}", .value, "out of range"),
        Case("{\"a\": [1.5, 📍-1e400]}", .value, "out of range"),
    ]

    @Test(arguments: yaml + json)
    func error(_ item: Case) {
        let marked = Marked(item.source)
        let error = firstError(marked.bytes)
        #expect(error?.kind == item.kind, "\(item.source)")
        #expect(
            error?.message.contains(item.message) == true || item.message.isEmpty, "\(error?.message ?? "no error")")
        if let place = marked.places.last { #expect(error?.position == place, "\(item.source)") }
    }

    @Test(
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func jsonThatIsNotUTF8(_ bytes: [UInt8]) {
        let error = firstError(Array("{\"é\": \"".utf8) + bytes + Array("\"}".utf8))
        #expect(error?.kind == .encoding)
        #expect(error?.position == SourcePosition(line: 1, column: 8))
    }

    @Test(
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func yamlThatIsNotUTF8(_ bytes: [UInt8]) {
        let error = firstError(Array("é: 1\nb: ".utf8) + bytes + Array("\n".utf8))
        #expect(error?.kind == .encoding)
        #expect(error?.position == SourcePosition(line: 2, column: 4))
    }
}
