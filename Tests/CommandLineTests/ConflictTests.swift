import Testing

/// Rules about several objects, over all files given.
@Suite(.oneAtATime) struct ConflictTests {
    @Test func idsAcrossFilesAndDocuments() async throws {
        let scratch = try Scratch()
        try scratch.write("a.yaml", Samples.numbered(1) + "---\n" + Samples.region())
        try scratch.write("b.yaml", Samples.region(name: Samples.otherName, display: "gb", id: Samples.id.uppercased()))
        let report = try await ParsedReport(["a.yaml", "b.yaml"], in: scratch)
        let conflicts = report.of("node-id-unique")
        #expect(conflicts.map(\.file) == ["a.yaml", "b.yaml"])
        #expect(conflicts.map(\.line) == [31, 13])
        #expect(conflicts.map { $0.related?.file } == ["b.yaml", "a.yaml"])
        #expect(conflicts.map { $0.related?.line } == [13, 31])
        #expect(conflicts.allSatisfy { $0.severity == "error" })
    }

    @Test func displayNames() async throws {
        let other = Samples.region(name: Samples.otherName, id: Samples.otherID)
        let report = try await ParsedReport(judging: Samples.region() + "---\n" + other)
        #expect(report.findings.map(\.rule) == ["region-display-name-unique", "region-display-name-unique"])
        #expect(report.findings.map(\.line) == [7, 25])
        #expect(report.findings.map { $0.related?.line } == [25, 7])
    }

    @Test func anObjectGivenTwice() async throws {
        let scratch = try Scratch()
        try scratch.write("a.yaml", "\n" + Samples.region())
        try scratch.write("b.yaml", Samples.region())
        let report = try await ParsedReport(["a.yaml", "b.yaml"], in: scratch)
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1)
        #expect(finding.rule == "object-duplicate" && finding.severity == "warning")
        #expect(finding.file == "b.yaml" && finding.line == 5 && finding.field == "metadata.name")
        #expect(finding.related?.file == "a.yaml" && finding.related?.line == 6 && finding.related?.column == 9)
        #expect(try await Program.run(["validate", "--strict", "a.yaml", "b.yaml"], in: scratch).code == 1)
    }

    /// `kubectl -n` may put both into one namespace, or into two.
    @Test func objectsWithoutANamespace() async throws {
        let report = try await ParsedReport(judging: Samples.region(namespace: nil))
        #expect(report.findings.isEmpty)
        let text = Samples.region(namespace: nil) + "---\n" + Samples.region(namespace: "unikorn-region")
        #expect(!(try await ParsedReport(judging: text)).rules.contains("object-duplicate"))
    }

    @Test func namespaceOfTheRegionService() async throws {
        let text = Samples.region(namespace: "elsewhere")
        let report = try await ParsedReport(judging: text)
        #expect(report.rules == ["region-namespace", "kubeconfig-secret-namespace"])
        #expect(report.errors.isEmpty)
        let flagged = try await ParsedReport(judging: text, ["--region-namespace", "elsewhere"])
        #expect(flagged.rules == ["kubeconfig-secret-namespace"])
    }

    @Test func nodesAndRegions() async throws {
        let undeclared = Samples.node(name: "worker-1", nodeClass: Samples.otherID)
        let report = try await ParsedReport(
            judging: [Samples.region(), Samples.node(), undeclared].joined(separator: "---\n"))
        #expect(report.findings.map(\.rule) == ["node-class-declared"])
        #expect(report.findings.first?.object == "Node worker-1")
        #expect(report.findings.first?.line == 33)
    }

    @Test func nodesOfOneClassThatDiffer() async throws {
        let other = Samples.node(name: "worker-1").replacing(#"cpu: "2""#, with: #"cpu: "4""#)
        let run = try await Program.validate(Samples.node() + "---\n" + other, ["-o", "json"])
        let report = try ParsedReport(run)
        #expect(run.code == 1)
        #expect(report.errors == ["node-class-uniform"])
        #expect(report.findings.allSatisfy { $0.related != nil })
    }

    @Test func nodeThatIsNotItsFlavor() async throws {
        let node = Samples.node().replacing(#"cpu: "2""#, with: #"cpu: "64""#)
        let report = try await ParsedReport(judging: node + "---\n" + Samples.region())
        let finding = try #require(report.of("node-class-matches-flavor").first)
        #expect(finding.severity == "warning")
        #expect(finding.related?.object == "Region unikorn-region/\(Samples.name)")
    }
}
