import Documents
import KubernetesTypes
import Testing

@Suite("Limits")
struct LimitTests {
    /// Nested to the given depth by each means there is.
    static func nested(_ depth: Int) -> [String] {
        let flow = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        let mappings = String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
        return [flow, mappings, String(repeating: "- ", count: depth) + "a\n"]
    }

    @Test(arguments: 0..<3) func depth512IsRead(_ kind: Int) {
        #expect(firstError(Array(Self.nested(512)[kind].utf8)) == nil)
    }

    @Test(arguments: 0..<3, [513, 100_000]) func depth513IsRefused(_ kind: Int, depth: Int) {
        let error = firstError(Array(Self.nested(depth)[kind].utf8))
        #expect(error?.kind == .limit)
        #expect(error?.message.contains("512") == true)
    }

    @Test(arguments: ["[", "{\"a\":", "{a: ", "- ", "? "]) func aMillionLevelsAreRefused(_ opening: String) {
        let start = ContinuousClock.now
        let error = firstError(Array(String(repeating: opening, count: 1_000_000).utf8))
        #expect(error?.kind == .limit || error?.kind == .value)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func theDepthOfAnAliasCounts() {
        let half = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
        let nested = { (levels: Int) in
            "- &x \(half)\n- \(String(repeating: "[", count: levels))*x\(String(repeating: "]", count: levels))\n"
        }
        #expect(firstError(Array(nested(255).utf8)) == nil)
        #expect(firstError(Array(nested(256).utf8))?.kind == .limit)
    }

    @Test(arguments: [
        "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n",
        "a0: &a0 {a: x, b: x, c: x, d: x, e: x, f: x, g: x, h: x, i: x, j: x}\n",
    ])
    func aBombIsRefusedBeforeItGoesOff(_ first: String) {
        var source = first
        for level in 1...20 {
            let aliases = (0..<10).map { first.contains("{") ? "k\($0): *a\(level - 1)" : "*a\(level - 1)" }
            let list = aliases.joined(separator: ", ")
            source += "a\(level): &a\(level) " + (first.contains("{") ? "{\(list)}\n" : "[\(list)]\n")
        }
        let start = ContinuousClock.now
        let error = firstError(Array(source.utf8))
        #expect(error?.kind == .limit)
        #expect(error?.message.contains("aliases expand") == true)
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func aBombOfMergesIsRefused() {
        var source = "a0: &a0 {x0: 1}\n"
        for level in 1...40 {
            let last = "*a\(level - 1)"
            source += "a\(level): &a\(level)\n  <<: [\(last), \(last), \(last), \(last)]\n  x\(level): 1\n"
        }
        // The same keys again and again come to nothing, so this one is small once it is read.
        #expect(firstError(Array(source.utf8)) == nil)
        var wide = "a0: &a0 {" + (0..<1000).map { "k\($0): 1" }.joined(separator: ", ") + "}\n"
        for level in 1...1000 { wide += "b\(level): {<<: *a0}\n" }
        #expect(firstError(Array(wide.utf8))?.kind == .limit)
    }

    /// A value that only the side tape holds brings its text with each copy.
    @Test(arguments: ["- *a\n", "- {*a : 1}\n", "- {<<: {b: *a}}\n"]) func aBombOfTextIsRefused(_ line: String) {
        let text = String(repeating: "x", count: 100_000)
        let source = "? &a \(text)\n: 1\nb:\n" + String(repeating: line, count: 1_000)
        #expect(firstError(Array(source.utf8))?.kind == .limit)
    }

    @Test func aBombOfTextInDroppedFieldsIsRefused() {
        let text = String(repeating: "x", count: 100_000)
        let aliases = Array(repeating: "*a", count: 1_000).joined(separator: ", ")
        let source = "a: &a \(text)\nw: {k: &x [\(aliases)], <<: {k: 1}}\n"
        #expect(firstError(Array(source.utf8))?.kind == .limit)
    }

    @Test func aTextOfTheDocumentIsSharedByItsAliases() throws {
        let text = String(repeating: "x", count: 100_000)
        let source = "a: &a \(text)\nb:\n" + String(repeating: "- {*a : *a}\n", count: 1_000)
        let count = try withDocument(Array(source.utf8)) { $0.root["b"]?.childCount }
        #expect(count == 1_000)
    }

    @Test(arguments: ["{", "a"]) func anInputAboveTheLimitIsRefused(_ first: Unicode.Scalar) {
        let source = UnsafeMutableRawBufferPointer.allocate(byteCount: DocumentLimits.inputBytes + 1, alignment: 1)
        defer { source.deallocate() }
        // Nothing but the first bytes is looked at.
        source.prefix(8192).copyBytes(from: [UInt8](repeating: UInt8(ascii: first), count: 8192))
        var errors: [DocumentError.Kind?] = []
        DocumentStream.forEachDocument(in: UnsafeRawBufferPointer(source)) { result in
            if case .failure(let error) = result { errors.append(error.kind) } else { errors.append(nil) }
        }
        #expect(errors == [.limit])
    }

    @Test(arguments: ["yaml", "json"]) func aHundredThousandKeysTakeLinearTime(_ format: String) throws {
        let keys = (0..<50_000).map { "\"key-\($0)\": \($0)" }
        let source = "{" + (keys + keys).joined(separator: ",\n") + (format == "yaml" ? ", x: y}" : "}")
        let start = ContinuousClock.now
        let count = try withDocument(Array(source.utf8)) { $0.duplicateKeys.count }
        #expect(count == 50_000)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func theServersParserHasALimitToo() throws {
        let parser = JSONParser()
        #expect(throws: Never.self) { try Self.parse(parser, Self.nested(512)[0]) }
        #expect(throws: Never.self) { try Self.parse(parser, Self.nested(511)[1]) }
        for depth in [513, 1_000_000] {
            #expect(throws: DocumentError.self) { try Self.parse(parser, Self.nested(depth)[0]) }
        }
    }

    static func parse(_ parser: JSONParser, _ source: String) throws {
        try Array(source.utf8).withUnsafeBytes { _ = try parser.parse($0) }
    }
}
