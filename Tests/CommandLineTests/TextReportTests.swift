import Testing

/// What a person reads, whole.
@Suite(.oneAtATime) struct TextReportTests {
    @Test func findingsWithCaretAndHint() async throws {
        var text = Samples.region(id: Samples.id.uppercased(), memory: "0")
        text += "      flavour: large\n"
        let run = try await Program.validate(text)
        #expect(run.code == 1)
        #expect(run.errors.isEmpty)
        #expect(
            run.output == """
                file.yaml:13:11: error[node-id]: spec.kubernetes.nodes[0].id (flavor "bratwurst"): Invalid value: \
                "4BE04A2E-87E6-4FF2-B34B-2994EE1600BA": must be a lowercase UUID
                  13 |     - id: 4BE04A2E-87E6-4FF2-B34B-2994EE1600BA
                     |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  hint: write "4be04a2e-87e6-4ff2-b34b-2994ee1600ba"
                file.yaml:17:15: error[memory]: spec.kubernetes.nodes[0].memory (flavor "bratwurst"): Invalid value: \
                0: must be greater than 0
                  17 |       memory: 0
                     |               ^
                file.yaml:18:7: warning[unknown-field]: spec.kubernetes.nodes[0].flavour: is a field that no \
                published version of the API has
                  18 |       flavour: large
                     |       ^^^^^^^
                1 file, 1 document, 1 object: 2 errors, 1 warning

                """)
    }

    @Test func conflictNamesBothPlaces() async throws {
        let scratch = try Scratch()
        try scratch.write("a.yaml", Samples.region())
        try scratch.write("b.yaml", Samples.region(name: Samples.otherName, display: "gb-north-1"))
        let run = try await Program.run(["validate", "a.yaml", "b.yaml"], in: scratch)
        #expect(run.code == 1)
        #expect(
            run.output == """
                a.yaml:13:11: error[node-id-unique]: spec.kubernetes.nodes[0].id (flavor "bratwurst"): Duplicate \
                value: "\(Samples.id)": Region "unikorn-region/\(Samples.otherName)" declares it, flavor "bratwurst"
                  13 |     - id: \(Samples.id)
                     |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  note: b.yaml:13:11: the other is here, in Region unikorn-region/\(Samples.otherName)
                b.yaml:13:11: error[node-id-unique]: spec.kubernetes.nodes[0].id (flavor "bratwurst"): Duplicate \
                value: "\(Samples.id)": Region "unikorn-region/\(Samples.name)" declares it, flavor "bratwurst"
                  13 |     - id: \(Samples.id)
                     |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                  note: a.yaml:13:11: the other is here, in Region unikorn-region/\(Samples.name)
                2 files, 2 documents, 2 objects: 2 errors, 0 warnings

                """)
    }

    @Test func summaryCountsWhatWasSkipped() async throws {
        let run = try await Program.validate(
            [Samples.region(), Samples.configMap, Samples.configMap].joined(separator: "---\n"))
        #expect(run.code == 0)
        #expect(run.output == "1 file, 3 documents, 1 object, 2 skipped: 0 errors, 0 warnings\n")
    }

    @Test func unreadableDocumentHasItsPlace() async throws {
        let run = try await Program.validate("a: b\n---\n\"x\n")
        #expect(run.code == 1)
        #expect(
            run.output == """
                file.yaml:4:1: error[syntax]: found unexpected end of stream (while scanning a quoted scalar that \
                starts at 3:1)
                1 file, 2 documents, 0 objects, 1 skipped: 1 error, 0 warnings

                """)
    }

    /// What could move the cursor or reorder text is shown as an escape, in the finding and in the line of the file.
    @Test func controlCharactersAreEscaped() async throws {
        let scratch = try Scratch()
        let file = "a\u{1B}[31m.yaml"
        try scratch.write(file, Samples.region(id: #""\u001b[2J\u202e""#) + "# \u{202E}\n")
        let run = try await Program.run(["validate", file], in: scratch)
        #expect(run.code == 1)
        #expect(run.output.contains(#"a\u{001B}[31m.yaml:13:11: error[node-id]"#))
        #expect(run.output.contains(#"\u{001B}[2J\u{202E}"#))
        #expect(!run.output.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
    }

    /// The caret stands under the value in a line too long to be shown, behind tabs, and behind wide characters.
    @Test func caretInALongLine() async throws {
        let padding = String(repeating: "x", count: 300)
        let object = """
            {"apiVersion":"v1","kind":"Node","metadata":{"annotations":{"ü":"\(padding)"},"name":"n",\t"labels":\
            {"kubernetes.region.unikorn-cloud.org/node-class":"BAD"}}}
            """
        let run = try await Program.validate(object, file: "file.json")
        let lines = run.output.split(separator: "\n")
        try #require(lines.count == 4, "\(run)")
        let caret = try #require(lines[2].firstIndex(of: "^"))
        #expect(lines[2].filter { $0 == "^" }.count == 5)
        let offset = lines[2].distance(from: lines[2].startIndex, to: caret)
        #expect(lines[1].dropFirst(offset).hasPrefix(#""BAD""#), "\(run)")
        #expect(lines[1].count < 120)
    }

    @Test func caretBehindATab() async throws {
        let run = try await Program.validate(Samples.region().replacing("memory: 4Gi", with: "memory: \t-4Gi"))
        #expect(run.output.contains("  17 |       memory:  -4Gi\n     |                ^^^^\n"), "\(run)")
    }
}
