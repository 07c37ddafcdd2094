import Glibc
import TestSupport
import Testing

/// Input that was made, or broken, to hurt: an error with its place, in bounded time and memory.
@Suite(.oneAtATime) struct HostileInputTests {
    private static let megabyte = 1 << 20

    private func judge(_ bytes: [UInt8], _ file: String = "file.yaml") async throws -> (Program.Run, ParsedReport) {
        let scratch = try Scratch()
        try scratch.write(file, bytes)
        let run = try await Program.run(["validate", "-o", "json", file], in: scratch)
        return (run, try ParsedReport(run))
    }

    struct Broken: Sendable, CustomStringConvertible {
        let description: String
        let bytes: [UInt8]
        let line: Int
        let column: Int
        let message: String

        init(_ description: String, _ bytes: [UInt8], _ line: Int, _ column: Int, _ message: String) {
            self.description = description
            self.bytes = bytes
            self.line = line
            self.column = column
            self.message = message
        }
    }

    @Test(arguments: [
        Broken("invalid UTF-8", Array("a: ".utf8) + [0xFF, 0x0A], 1, 4, "invalid leading UTF-8 octet"),
        Broken("overlong UTF-8", Array("a: b\nc: ".utf8) + [0xC0, 0x80, 0x0A], 2, 4, "UTF-8"),
        Broken("a surrogate", Array("a: ".utf8) + [0xED, 0xA0, 0x80], 1, 4, ""),
        Broken("NUL", Array("a: b\0c\n".utf8), 1, 5, "control characters are not allowed"),
        Broken("a tab as indentation", Array("a:\n\tb: c\n".utf8), 2, 1, ""),
        Broken("an unknown alias", Array("a: *b\n".utf8), 1, 4, ""),
        Broken("a merge of no mapping", Array("a:\n  <<: 5\n".utf8), 2, 7, ""),
        Broken("truncated JSON", Array("{\"a\": {\"b\": \n".utf8), 2, 1, ""),
        Broken("brackets without end", Array(repeating: UInt8(ascii: "["), count: 100_000), 1, 513, "512 levels"),
        Broken("deep JSON", Array(String(repeating: #"{"a":"#, count: 100_000).utf8), 1, 2561, "512 levels"),
        Broken("deep YAML", Array(String(repeating: "- ", count: 100_000).utf8), 1, 1025, "512 levels"),
    ])
    func brokenDocument(_ broken: Broken) async throws {
        for file in ["file.yaml", "file.json"] {
            let (run, report) = try await judge(broken.bytes, file)
            #expect(run.code == 1, "\(run)")
            #expect(report.findings.map(\.rule) == ["syntax"])
            let finding = try #require(report.findings.first)
            #expect(finding.line == broken.line)
            #expect(abs(finding.column - broken.column) <= 1, "\(finding)")
            #expect(finding.message.contains(broken.message), "\(finding)")
            #expect(run.stayedBelow(100 * Self.megabyte))
        }
    }

    @Test func randomBytes() async throws {
        // The same in every run.
        var state: UInt64 = 1
        for size in [1, 2, 3, 100, 1_000, 10_000] {
            let bytes = (0..<size).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 56)
            }
            let scratch = try Scratch()
            try scratch.write("file.yaml", bytes)
            let run = try await Program.run(["validate", "file.yaml"], in: scratch)
            #expect(run.code == 0 || run.code == 1, "\(size) bytes: \(run)")
            #expect(run.errors.isEmpty)
        }
    }

    /// What follows a broken document is judged.
    @Test func brokenDocumentAmongOthers() async throws {
        let bad = Samples.region(memory: "0")
        let report = try await ParsedReport(judging: [bad, "a: [\n", bad].joined(separator: "---\n"))
        #expect(report.of("syntax").map(\.line) == [20])
        #expect(report.of("memory").map(\.line) == [17, 37])
        #expect(report.summary.documents == 3)
    }

    @Test func brokenFileAmongOthers() async throws {
        let scratch = try Scratch()
        try scratch.write("a.yaml", [0xFF, 0xFE, 0x00])
        try scratch.write("b.yaml", Samples.region(memory: "0"))
        let report = try await ParsedReport(["a.yaml", "b.yaml"], in: scratch)
        #expect(report.findings.map(\.file) == ["a.yaml", "b.yaml"])
    }

    /// What it costs is bounded by where it ends: in the line whose list would come to more than the limit.
    @Test func aliasBomb() async throws {
        var text = "a: &a [x,x,x,x,x,x,x,x,x]\n"
        for (outer, inner) in zip("bcdefghijklmn", "abcdefghijklm") {
            text += "\(outer): &\(outer) [\(Array(repeating: "*\(inner)", count: 9).joined(separator: ","))]\n"
        }
        let (run, report) = try await judge(Array(text.utf8))
        #expect(run.code == 1)
        #expect(report.findings.first?.message.contains("aliases expand the document") == true)
        #expect(report.findings.map(\.line) == [7])
        #expect(run.stayedBelow(50 * Self.megabyte), "\(run.peakMemory / Self.megabyte) MB")
    }

    @Test func mergeBomb() async throws {
        let keys = (0..<100).map { "k\($0): v" }.joined(separator: ", ")
        var text = "a: &a {\(keys)}\n"
        for (outer, inner) in zip("bcdefgh", "abcdefg") {
            let maps = (0..<9).map { "{<<: *\(inner), x\($0): {<<: *\(inner)}}" }.joined(separator: ",")
            text += "\(outer): &\(outer) {l: [\(maps)]}\n"
        }
        let (run, report) = try await judge(Array(text.utf8))
        #expect(run.code == 1)
        #expect(report.findings.map(\.rule) == ["syntax"])
        #expect(run.stayedBelow(50 * Self.megabyte), "\(run.peakMemory / Self.megabyte) MB")
    }

    /// A long key, many times over.
    @Test func textBomb() async throws {
        let key = String(repeating: "x", count: 100_000)
        let text = "? &a \(key)\n: 1\nb:\n" + String(repeating: "- *a\n", count: 1_000)
        let (run, report) = try await judge(Array(text.utf8))
        #expect(run.code == 1)
        #expect(report.findings.map(\.rule) == ["syntax"])
        #expect(report.findings.first?.message.contains("aliases expand the document") == true)
        #expect(run.stayedBelow(50 * Self.megabyte), "\(run.peakMemory / Self.megabyte) MB")
    }

    /// A body of the largest size and of nothing but numbers, which takes thirteen times as much to be parsed.
    @Test func aBodyOfNumbers() async throws {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        let server = try await Server(in: scratch)
        var numbers = [UInt8](repeating: UInt8(ascii: "1"), count: 32 * Self.megabyte)
        for index in stride(from: 2, to: numbers.count - 2, by: 2) { numbers[index] = UInt8(ascii: ",") }
        numbers[0] = UInt8(ascii: "[")
        numbers[numbers.count - 1] = UInt8(ascii: "]")
        try scratch.write("body", numbers)
        for _ in 0..<3 {
            let response = try await server.post("/validate", file: "body")
            #expect(response.status == 413)
            #expect(response.body.contains("bytes to be parsed; it may take 134217728"), "\(response.body)")
        }
        let end = try await server.stop()
        #expect(end.peakMemory < 120 * Self.megabyte || Sanitizer.isThere, "\(end.peakMemory / Self.megabyte) MB")
    }

    @Test func fileThatIsTooLarge() async throws {
        let scratch = try Scratch()
        try scratch.write("file.yaml", "")
        #expect(truncate(scratch.file("file.yaml"), 1 << 40) == 0)
        let run = try await Program.run(["validate", "-o", "json", "file.yaml"], in: scratch)
        let report = try ParsedReport(run)
        #expect(run.code == 1)
        #expect(
            report.findings.first?.message == "Invalid value: the input is larger than 67108864 bytes"
                || report.findings.first?.message == "the input is larger than 67108864 bytes")
        #expect(run.stayedBelow(128 * Self.megabyte))
    }

    /// An endless source is read as far as a file may be long.
    @Test func endlessInput() async throws {
        let run = try await Program.shell(#"yes '# comment' | "$0" validate -"#, in: try Scratch())
        #expect(run.code == 1)
        #expect(run.output.contains("the input is larger than 67108864 bytes"))
    }

    @Test func oneLineOfMegabytes() async throws {
        let text =
            #"{"apiVersion":"v1","kind":"Node","metadata":{"name":""# + String(repeating: "x", count: 2_000_000)
            + #"","labels":{"kubernetes.region.unikorn-cloud.org/node-class":"x"}}}"#
        let run = try await Program.validate(text, file: "file.json")
        #expect(run.code == 1)
        #expect(run.output.utf8.count < 10_000)
    }

    /// Numbers that take minutes to read, or that no client can.
    @Test(arguments: ["1e1.5", "1e-99999999", "1e99999999", "10E", "-4Gi", "4 Gi", "0x10", "NaN", "1e4294967299", "4Q"])
    func quantities(_ quantity: String) async throws {
        let report = try await ParsedReport(judging: Samples.region(memory: "\"\(quantity)\""))
        #expect(report.errors == ["memory"])
        #expect(report.of("memory").map(\.line) == [17])
    }

    @Test func duplicateKeys() async throws {
        let text = Samples.region().replacing("spec:\n", with: "spec:\n  provider: openstack\n")
        let report = try await ParsedReport(judging: text)
        let finding = try #require(report.of("duplicate-key").first)
        #expect(report.errors == ["duplicate-key"])
        #expect(finding.line == 10 && finding.column == 3)
        #expect(finding.message.contains("in line 9"))
    }
}
