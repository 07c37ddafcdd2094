import Glibc
import Testing

/// Where manifests are read from.
@Suite(.oneAtATime) struct SourceTests {
    @Test func standardInput() async throws {
        let run = try await Program.run(["validate", "-"], input: Samples.region(memory: "0"))
        #expect(run.code == 1)
        #expect(run.output.hasPrefix("-:17:15: error[memory]: "))
    }

    @Test func standardInputIsReadOnce() async throws {
        let run = try await Program.run(["validate", "-", "-f", "-"], input: Samples.region())
        #expect(run.output == "1 file, 1 document, 1 object: 0 errors, 0 warnings\n", "\(run)")
    }

    /// Conflicts are looked up in a second reading; a pipe has none.
    @Test func pipesAreReadOnce() async throws {
        let scratch = try Scratch()
        try scratch.write("a.yaml", Samples.region())
        try scratch.write("b.yaml", Samples.region(name: Samples.otherName, display: "gb-north-1"))
        mkfifo(scratch.file("pipe"), 0o600)
        let run = try await Program.shell(
            #"{ cat a.yaml; echo ---; cat b.yaml; } >pipe & exec "$0" validate -o json pipe"#, in: scratch)
        let report = try ParsedReport(run)
        #expect(report.of("node-id-unique").map(\.line) == [13, 31], "\(run)")
        #expect(report.findings.allSatisfy { $0.related != nil })
    }

    @Test func flagsAndArguments() async throws {
        let scratch = try Scratch()
        for number in 1...4 { try scratch.write("\(number).yaml", Samples.numbered(number)) }
        let report = try await ParsedReport(["-f", "1.yaml", "2.yaml", "--filename", "3.yaml", "4.yaml"], in: scratch)
        #expect(report.summary.files == 4 && report.summary.objects == 4)
    }

    /// Everything below that ends like a manifest, in the order of names; links to directories lead back.
    @Test func directories() async throws {
        let scratch = try Scratch()
        let wrong = "[\n"
        for file in ["b.yml", "a/z.json", "a/b/c.yaml", "c.yaml", "ä.yaml"] { try scratch.write("d/" + file, wrong) }
        for file in ["README.md", "x.yaml.bak", "a/notes.txt", "yaml"] { try scratch.write("d/" + file, wrong) }
        try scratch.link("d/a/loop", to: "..")
        try scratch.link("d/loop.yaml", to: ".")
        try scratch.link("d/same.yaml", to: "c.yaml")
        mkfifo(scratch.file("d/pipe.yaml"), 0o600)
        let report = try await ParsedReport(["d"], in: scratch)
        #expect(
            report.findings.map(\.file) == ["d/a/b/c.yaml", "d/a/z.json", "d/b.yml", "d/c.yaml", "d/ä.yaml"])
        #expect(try await ParsedReport(["d/"], in: scratch).findings.map(\.file).first == "d/a/b/c.yaml")
    }

    /// A link that is given is followed, unlike one that is found.
    @Test func linkToADirectory() async throws {
        let scratch = try Scratch()
        try scratch.write("d/a.yaml", Samples.region())
        try scratch.link("link", to: "d")
        #expect(try await ParsedReport(["link"], in: scratch).summary.files == 1)
    }

    @Test func aFileIsReadWhateverItsName() async throws {
        let scratch = try Scratch()
        try scratch.write("region", Samples.region())
        #expect(try await ParsedReport(["region"], in: scratch).summary.objects == 1)
    }

    /// A file that several paths lead to is one object, not a duplicate of itself.
    @Test func oneFileByManyPaths() async throws {
        let scratch = try Scratch()
        try scratch.write("d/a.yaml", Samples.region())
        try scratch.link("b.yaml", to: "d/a.yaml")
        let report = try await ParsedReport(["d", "d/a.yaml", "./d/a.yaml", "b.yaml"], in: scratch)
        #expect(report.summary.files == 1 && report.findings.isEmpty)
    }

    /// As the kubelet lays a ConfigMap out: files are links through `..data`.
    @Test func mountedConfigMap() async throws {
        let scratch = try Scratch()
        try scratch.write("d/..2026_11_23/a.yaml", Samples.region(memory: "0"))
        try scratch.link("d/..data", to: "..2026_11_23")
        try scratch.link("d/a.yaml", to: "..data/a.yaml")
        let report = try await ParsedReport(["d"], in: scratch)
        #expect(report.findings.map(\.file) == ["d/a.yaml"])
    }

    @Test func directoriesWithoutEnd() async throws {
        let scratch = try Scratch()
        try scratch.write("d/" + String(repeating: "d/", count: 70) + "a.yaml", Samples.region())
        let run = try await Program.run(["validate", "d"], in: scratch)
        #expect(run.code == 2)
        #expect(run.errors.hasSuffix(": more than 64 directories deep\n"))
    }

    @Test func carriageReturnsAndByteOrderMark() async throws {
        let text = Samples.region(id: "banana")
        for variant in [text.replacing("\n", with: "\r\n"), "\u{FEFF}" + text] {
            let run = try await Program.validate(variant)
            let plain = try await Program.validate(text)
            #expect(run.output == plain.output)
            #expect(run.code == 1)
        }
    }

    @Test func byteOrderMarkMovesNoColumn() async throws {
        let node = #"{"apiVersion":"v1","kind":"Node","metadata":{"name":5}}"#
        for variant in [node, "\u{FEFF}" + node] {
            let finding = try #require(try await ParsedReport(judging: variant, file: "a.json").findings.first)
            #expect(finding.line == 1 && finding.column == 53)
        }
    }
}
