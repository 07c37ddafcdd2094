import Testing

/// Many objects. Their speed is measured elsewhere; this is about getting through, in memory that stays small.
@Suite(.oneAtATime) struct ScaleTests {
    private static let count = 5_000

    @Test func manyRegionsInOneFile() async throws {
        let scratch = try Scratch()
        try scratch.write("many.yaml", (0..<Self.count).map(Samples.numbered).joined(separator: "---\n"))
        let run = try await Program.run(["validate", "many.yaml"], in: scratch)
        #expect(run.code == 0, "\(run.output.prefix(1_000))")
        #expect(run.output == "1 file, 5000 documents, 5000 objects: 0 errors, 0 warnings\n")
        #expect(run.peakMemory > 8 << 20 && run.stayedBelow(200 << 20), "\(run.peakMemory >> 20) MB")
    }

    @Test func manyFiles() async throws {
        let scratch = try Scratch()
        for number in 0..<300 { try scratch.write("d/\(number / 10)/\(number).yaml", Samples.numbered(number)) }
        // The last is in conflict with the first.
        try scratch.write("d/z.yaml", Samples.numbered(0).replacing("fe4ecbe4", with: "aaaaaaaa"))
        let report = try await ParsedReport(["d"], in: scratch)
        #expect(report.summary.files == 301 && report.summary.objects == 301)
        #expect(report.of("node-id-unique").map(\.file) == ["d/0/0.yaml", "d/z.yaml"])
    }

    @Test func manyFindings() async throws {
        let documents = (0..<200).map { Samples.numbered($0).replacing("memory: 4Gi", with: "memory: 0") }
        let report = try await ParsedReport(judging: documents.joined(separator: "---\n"))
        #expect(report.of("memory").map(\.line) == (0..<200).map { 17 + $0 * 18 })
    }

    @Test func aRegionOfManyFlavors() async throws {
        var text = Samples.region()
        for number in 1...5_000 {
            let digits = String(100_000_000_000 + number)
            text += """
                    - id: 4be04a2e-87e6-4ff2-b34b-\(digits)
                      name: flavor-\(number)
                      cpu: {count: 2}
                      disk: 40Gi
                      memory: 4Gi

                """
        }
        #expect(try await Program.validate(text).output == "1 file, 1 document, 1 object: 0 errors, 0 warnings\n")
    }
}
