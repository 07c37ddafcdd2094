import Foundation
import TestSupport
import Testing

/// What a program reads: the shape that the issue and the help promise.
@Suite(.oneAtATime) struct JSONReportTests {
    private func json(_ run: Program.Run) async throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }

    @Test func shape() async throws {
        let scratch = try Scratch()
        try scratch.write("a.yaml", Samples.region() + "---\n[\n")
        try scratch.write("b.yaml", Samples.region(name: Samples.otherName, display: "gb-north-1", memory: "3Gi"))
        let run = try await Program.run(["validate", "-o", "json", "a.yaml", "b.yaml"], in: scratch)
        #expect(run.code == 1)
        #expect(run.output.hasSuffix("}\n"))
        let report = try await json(run)
        #expect(Set(report.keys) == ["findings", "summary"])
        let keys: Set = ["rule", "severity", "file", "line", "column", "object", "field", "reason", "message"]
        let findings = try #require(report["findings"] as? [[String: Any]])
        #expect(findings.count == 3)
        for finding in findings {
            #expect(Set(finding.keys).subtracting(["related"]) == keys, "\(finding)")
            for key in ["rule", "severity", "file", "field", "reason", "message"] { #expect(finding[key] is String) }
            for key in ["line", "column"] { #expect((finding[key] as? Int ?? 0) > 0) }
            let isDocument = finding["rule"] as? String == "syntax"
            #expect((finding["object"] is NSNull) == isDocument)
            let related = finding["related"] as? [String: Any]
            #expect((related != nil) == (finding["rule"] as? String == "node-id-unique"))
            if let related { #expect(Set(related.keys) == ["file", "line", "column", "object"]) }
        }
        let summary = try #require(report["summary"] as? [String: Int])
        #expect(
            summary == ["files": 2, "documents": 3, "objects": 2, "skipped": 0, "errors": 3, "warnings": 0])
    }

    @Test func content() async throws {
        let report = try await ParsedReport(judging: Samples.region(memory: "-4Gi"))
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1)
        #expect(finding.rule == "memory")
        #expect(finding.severity == "error")
        #expect(finding.file == "file.yaml")
        #expect(finding.line == 17 && finding.column == 15)
        #expect(finding.object == "Region unikorn-region/\(Samples.name)")
        #expect(finding.field == "spec.kubernetes.nodes[0].memory")
        #expect(finding.reason == "FieldValueInvalid")
        #expect(finding.message == #"Invalid value: "-4Gi": must be greater than 0"#)
    }

    @Test func warningsHaveTheirSeverity() async throws {
        let report = try await ParsedReport(judging: Samples.region(memory: "1Gi"))
        #expect(report.findings.map(\.rule) == ["memory-small"])
        #expect(report.findings.map(\.severity) == ["warning"])
        #expect(report.summary.warnings == 1 && report.summary.errors == 0)
    }

    @Test func nothingFoundIsAnEmptyList() async throws {
        let run = try await Program.validate(Samples.region(), ["-o", "json"])
        #expect(run.code == 0)
        #expect(
            run.output == """
                {"findings":[],"summary":{"files":1,"documents":1,"objects":1,"skipped":0,"errors":0,"warnings":0}}

                """)
    }

    @Test func findingsStandInTheOrderOfFilesAndPlaces() async throws {
        let scratch = try Scratch()
        try scratch.write("z.yaml", Samples.region(name: "nonsense", memory: "0"))
        try scratch.write("a.yaml", Samples.region(name: Samples.otherName, memory: "0"))
        let report = try await ParsedReport(["z.yaml", "a.yaml"], in: scratch)
        #expect(report.findings.map(\.file) == report.findings.map(\.file).sorted(by: >))
        for file in ["z.yaml", "a.yaml"] {
            let lines = report.findings.filter { $0.file == file }.map(\.line)
            #expect(lines.count > 2)
            #expect(lines == lines.sorted())
        }
    }

    /// All in one line, where only the column orders them.
    @Test func findingsOfALineStandInTheOrderOfColumns() async throws {
        let flavors = (1...3).map {
            RegionText.flavor(
                $0, id: #""no-uuid""#, name: #""""#, cpu: #"{"count":0}"#, memory: #""0""#, disk: #""1.5x""#,
                gpu: RegionText.gpu(vendor: #""""#, memory: #""-1""#, physical: "0", logical: "-1"))
        }
        let region = RegionText.region(flavors, name: "nonsense", spec: #","tags":[{"name":""},{"name":""}]"#)
        let run = try await Program.validate(region, ["-o", "json"], file: "file.json")
        let findings = try ParsedReport(run).findings
        #expect(findings.count > 20)
        #expect(findings.allSatisfy { $0.line == 1 })
        #expect(findings.map(\.column) == findings.map(\.column).sorted())
    }
}
