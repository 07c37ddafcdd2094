import Foundation
import TestSupport
import Testing

/// Which objects are judged, and what becomes of the others.
@Suite(.oneAtATime) struct DocumentKindTests {
    private func indented(_ object: String) -> String {
        let lines = object.split(separator: "\n")
        return lines.enumerated().map { ($0 == 0 ? "- " : "  ") + $1 + "\n" }.joined()
    }

    private func body(_ object: String) -> String {
        object.split(separator: "\n").dropFirst(2).joined(separator: "\n")
    }

    @Test func lists() async throws {
        let items = indented(Samples.region(memory: "0")) + indented(Samples.node(nodeClass: "banana"))
        let list = "apiVersion: v1\nkind: List\nitems:\n" + items + indented(Samples.configMap)
        let report = try await ParsedReport(judging: list)
        #expect(report.errors == ["memory", "node-class"])
        #expect(report.of("memory").map(\.line) == [20])
        #expect(report.of("memory").map(\.field) == ["spec.kubernetes.nodes[0].memory"])
        #expect(report.summary.objects == 2 && report.summary.skipped == 1 && report.summary.documents == 1)
    }

    /// As the API answers them: what the list says of its items, they do not repeat.
    @Test func typedLists() async throws {
        let regions =
            "apiVersion: region.unikorn-cloud.org/v1alpha1\nkind: RegionList\nitems:\n"
            + indented(body(Samples.region(memory: "0")))
        #expect(try await ParsedReport(judging: regions).errors == ["memory"])
        let nodes = "apiVersion: v1\nkind: NodeList\nitems:\n" + indented(body(Samples.node(nodeClass: "banana")))
        #expect(try await ParsedReport(judging: nodes).errors == ["node-class"])
        let unknown = regions.replacing("v1alpha1", with: "v2")
        let report = try await ParsedReport(judging: unknown)
        #expect(report.rules == ["unknown-field"])
        #expect(report.summary.objects == 0)
    }

    @Test(arguments: ["List", "RegionList", "NodeList"])
    func itemsThatAreNone(_ kind: String) async throws {
        let report = try await ParsedReport(judging: "apiVersion: v1\nkind: \(kind)\nitems: {a: b}\n")
        let finding = try #require(report.findings.first)
        #expect(finding.rule == "type" && finding.severity == "error")
        #expect(finding.field == "items" && finding.line == 3 && finding.column == 8)
        #expect(finding.message.hasSuffix("expected an array, found an object"))
    }

    @Test(arguments: ["items: null", "metadata: {}", "items: []"])
    func emptyList(_ items: String) async throws {
        let report = try await ParsedReport(judging: "apiVersion: v1\nkind: List\n\(items)\n")
        #expect(report.findings.isEmpty && report.summary.documents == 1)
    }

    @Test func listsInLists() async throws {
        let inner = "apiVersion: v1\nkind: List\nitems:\n" + indented(Samples.region(memory: "0"))
        let report = try await ParsedReport(judging: "apiVersion: v1\nkind: List\nitems:\n" + indented(inner))
        #expect(report.errors == ["memory"])
    }

    @Test func otherKindsAreSkipped() async throws {
        let documents = [
            Samples.configMap, "apiVersion: apps/v1\nkind: Node\n", "apiVersion: example.com/v1\nkind: Region\n",
            "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n", "replicas: 2\nimage: {tag: 1}\n",
        ]
        let report = try await ParsedReport(judging: documents.joined(separator: "---\n"))
        #expect(report.findings.isEmpty)
        #expect(report.summary.skipped == 5 && report.summary.objects == 0)
    }

    @Test func unknownVersionOfRegion() async throws {
        let text = Samples.region(memory: "0").replacing("v1alpha1", with: "v1beta1")
        let report = try await ParsedReport(judging: text)
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1 && report.summary.skipped == 1)
        #expect(finding.rule == "unknown-field" && finding.severity == "warning")
        #expect(finding.field == "apiVersion" && finding.line == 1 && finding.column == 13)
        #expect(finding.message.contains(#""region.unikorn-cloud.org/v1beta1""#))
        #expect(finding.message.contains("the object was not judged"))
        #expect(try await Program.validate(text, ["--strict"]).code == 1)
    }

    /// What was meant to be judged must not pass because a line is missing.
    @Test(arguments: [
        (Samples.region(memory: "0"), "apiVersion", "region.unikorn-cloud.org/v1alpha1"),
        (Samples.region(memory: "0"), "kind", "Region"), (Samples.node(nodeClass: "banana"), "apiVersion", "v1"),
    ])
    func identityThatIsMissing(_ object: String, _ field: String, _ expected: String) async throws {
        let lines = object.split(separator: "\n")
        for value in ["", "\(field): null\n", "\(field): ~\n"] {
            let text = value + lines.filter { !$0.hasPrefix(field) }.joined(separator: "\n")
            let run = try await Program.validate(text, ["-o", "json"])
            let report = try ParsedReport(run)
            #expect(run.code == 1)
            #expect(report.findings.map(\.field) == [field])
            #expect(report.findings.map(\.reason) == ["FieldValueRequired"])
            #expect(report.findings.first?.message.contains("write \(field): \(expected)") == true)
        }
    }

    @Test(arguments: [("5", "an integer"), ("[a]", "an array"), ("- 1\n- 2", "an array"), ("text", "a string")])
    func documentsThatAreNoObject(_ text: String, _ kind: String) async throws {
        let report = try await ParsedReport(judging: Samples.region() + "---\n" + text + "\n")
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1)
        #expect(finding.rule == "type" && finding.line == 19)
        #expect(finding.object == nil)
        #expect(finding.message.contains("expected an object with apiVersion and kind, found \(kind)"))
    }

    // MARK: Recorded reviews

    @Test func recordedReviewIsJudgedAsARequest() async throws {
        let path = Program.fixture("admission-reviews/region-create-poison-quantity.validate.json")
        let report = try ParsedReport(try await Program.run(["validate", "-o", "json", path]))
        #expect(report.errors == ["memory"])
        #expect(report.of("memory").map(\.field) == ["spec.kubernetes.nodes[0].memory"])
        #expect(report.of("memory").allSatisfy { $0.line > 0 && $0.object?.hasPrefix("Region ") == true })
        #expect(report.summary.objects == 1)
    }

    /// A removal is known only by the old object, which files of objects do not have.
    @Test func reviewInYAML() async throws {
        let json = Scratch.text(Program.fixture("admission-reviews/region-update-removes-flavor.validate.json"))
        let report = try await ParsedReport(judging: "# recorded\n" + json)
        #expect(report.summary.objects == 1)
        #expect(report.rules.contains("region-restart"), "\(report)")
    }

    @Test func deletionIsNeverAnError() async throws {
        let path = Program.fixture("admission-reviews/region-delete.validate.json")
        #expect(try await Program.run(["validate", path]).code == 0)
    }

    /// It sees the objects of all files, wherever they stand, and the conflict has its other place.
    @Test func reviewSeesTheOtherObjects() async throws {
        let object = try #require(try FixtureObject.all(in: Samples.region(name: Samples.otherName)).first)
        let scratch = try Scratch()
        try scratch.write("a.json", ReviewBody(creating: object).bytes)
        try scratch.write("b.yaml", "# first\n" + Samples.region())
        let report = try await ParsedReport(["a.json", "b.yaml"], in: scratch)
        let finding = try #require(report.of("node-id-unique").first)
        #expect(report.of("node-id-unique").count == 1)
        #expect(finding.file == "a.json")
        #expect(finding.related?.file == "b.yaml" && finding.related?.line == 6)
    }

    @Test(arguments: [
        #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}"#,
        #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":5}"#,
        #"{"apiVersion":"admission.k8s.io/v9","kind":"AdmissionReview","request":{}}"#,
        #"{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"u","operation":"SING"}}"#,
    ])
    func reviewThatIsNone(_ json: String) async throws {
        let run = try await Program.validate(json, ["-o", "json"], file: "a.json")
        #expect(run.code == 1)
        #expect(try ParsedReport(run).findings.map(\.rule) == ["type"])
    }
}
