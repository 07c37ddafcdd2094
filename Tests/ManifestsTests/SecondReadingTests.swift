import Documents
import KubernetesTypes
import Policy
import Reporting
import TestSupport
import Testing

@testable import Manifests

/// What happens to findings when a file changes between the two readings of it.
@Suite struct SecondReadingTests {
    private static let regions = """
        apiVersion: region.unikorn-cloud.org/v1alpha1
        kind: Region
        metadata: {namespace: unikorn-region, name: a}
        spec: {provider: kubernetes, kubernetes: {nodes: [{id: 4be04a2e-87e6-4ff2-b34b-2994ee1600ba}]}}
        ---
        apiVersion: region.unikorn-cloud.org/v1alpha1
        kind: Region
        metadata: {namespace: unikorn-region, name: b}
        spec: {provider: kubernetes, kubernetes: {nodes: [{id: 4be04a2e-87e6-4ff2-b34b-2994ee1600ba}]}}

        """

    private func conflicts(reading text: String, then again: String) throws -> [ReportEntry] {
        let policy = Policy(.forTests)
        var first = FirstReading(policy: policy, now: 0, isComplete: false)
        try read(text) { first.visit($0, in: $1) }
        var second = SecondReading(policy: policy, now: 0, of: first)
        #expect(second.sources == [0])
        try read(again) { second.visit($0, in: $1) }
        return second.entries([ManifestSource(path: "file", content: nil)])
            .filter { $0.finding.rule == .nodeIDUnique }
    }

    private func read(_ text: String, _ visit: (Result<Document, DocumentError>, SourceText) -> Void) throws {
        let reader = ManifestReader(sources: [ManifestSource(path: "file", content: Array(text.utf8))])
        try reader.read(0, visit)
    }

    @Test func unchanged() throws {
        let entries = try conflicts(reading: Self.regions, then: Self.regions)
        #expect(entries.map(\.position.line) == [4, 9])
        #expect(entries.map { $0.related?.position.line } == [9, 4])
        #expect(entries.allSatisfy { $0.sourceLine != nil })
    }

    /// The conflict was there: it is reported, without a line that nobody knows any more.
    @Test(arguments: ["", "[", "a: b\n"])
    func gone(_ text: String) throws {
        let entries = try conflicts(reading: Self.regions, then: text)
        #expect(entries.count == 2)
        #expect(entries.allSatisfy { $0.position == .unknown && $0.sourceLine == nil })
        #expect(entries.map(\.object) == ["Region unikorn-region/a", "Region unikorn-region/b"])
        #expect(entries.allSatisfy { $0.related?.file == "file" && $0.related?.position.line ?? 0 > 0 })
    }

    @Test func entriesWithoutAPlaceNameTheFile() throws {
        var report = Report()
        report.entries = try conflicts(reading: Self.regions, then: "")
        #expect(TextReport(isColoured: false).write(report).hasPrefix("file: error[node-id-unique]: "))
    }
}
