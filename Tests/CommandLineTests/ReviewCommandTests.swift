import Foundation
import TestSupport
import Testing

/// `review`: the answer to a recorded request.
@Suite(.oneAtATime) struct ReviewCommandTests {
    private func answer(_ run: Program.Run) async throws -> [String: Any] {
        let review = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
        #expect(review["apiVersion"] as? String == "admission.k8s.io/v1")
        #expect(review["kind"] as? String == "AdmissionReview")
        return try #require(review["response"] as? [String: Any])
    }

    private func uid(_ fixture: String) async throws -> String {
        let data = try #require(FileManager.default.contents(atPath: fixture))
        let review = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return try #require((review?["request"] as? [String: Any])?["uid"] as? String)
    }

    @Test(arguments: [
        ("node-create-full-status", true), ("node-create-minimal", true),
        ("node-status-patch-smuggles-class", false), ("node-update-bad-class", false),
        ("node-update-unrelated-label", true), ("region-create-eight-flavors", true),
        ("region-create-poison-quantity", false), ("region-delete", true), ("region-update-annotation-only", true),
        ("region-update-removes-flavor", true),
    ])
    func recordedReviews(_ name: String, _ isAllowed: Bool) async throws {
        let fixture = Program.fixture("admission-reviews/\(name).validate.json")
        let run = try await Program.run(["review", fixture])
        #expect(run.code == (isAllowed ? 0 : 1), "\(run)")
        #expect(run.errors.isEmpty)
        #expect(run.output.hasSuffix("}\n"))
        let response = try await answer(run)
        #expect(response["uid"] as? String == (try await uid(fixture)))
        #expect(response["allowed"] as? Bool == isAllowed)
        #expect(response["patch"] == nil)
        let status = response["status"] as? [String: Any]
        #expect((status?["code"] as? Int == 422) == !isAllowed)
        if !isAllowed { #expect((status?["message"] as? String)?.contains("is invalid: ") == true) }
    }

    @Test func noRecordedReviewIsLeftOut() async throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Program.fixture("admission-reviews"))
        #expect(names.count { $0.hasSuffix(".validate.json") } == 10)
        #expect(names.count { $0.hasSuffix(".mutate.json") } == 3)
    }

    @Test(arguments: ["region-create-eight-flavors", "region-create-poison-quantity", "region-update-removes-flavor"])
    func mutation(_ name: String) async throws {
        let run = try await Program.run([
            "review", "--mutate", Program.fixture("admission-reviews/\(name).mutate.json"),
        ])
        #expect(run.code == 0)
        #expect(try await answer(run)["allowed"] as? Bool == true)
    }

    @Test func mutationSetsDefaults() async throws {
        let text = Samples.region().replacing("      name: bratwurst\n", with: "")
            .replacing("{namespace: unikorn-region, name: de", with: "{name: de")
        let object = try #require(try FixtureObject.all(in: text).first)
        let body = String(decoding: ReviewBody(creating: object).bytes, as: UTF8.self)
        let run = try await Program.run(["review", "--mutate"], input: body)
        #expect(run.code == 0)
        let response = try await answer(run)
        #expect(response["patchType"] as? String == "JSONPatch")
        let patch = try #require(Data(base64Encoded: response["patch"] as? String ?? ""))
        let operations = try #require(try JSONSerialization.jsonObject(with: patch) as? [[String: Any]])
        #expect(operations.allSatisfy { $0["op"] as? String == "add" })
        let values = Dictionary(
            uniqueKeysWithValues: operations.map { ($0["path"] as? String ?? "", $0["value"] as? String ?? "") })
        #expect(
            values == [
                "/spec/kubernetes/kubeConfigSecret/namespace": "unikorn-region",
                "/spec/kubernetes/nodes/0/name": "cpu2-mem4-disk40",
            ])
        #expect(try await answer(try await Program.run(["review"], input: body))["patch"] == nil)
    }

    @Test func defaultsFromNodes() async throws {
        let text = Samples.region().replacing("      cpu: {count: 2}\n", with: "")
            .replacing("      memory: 4Gi\n", with: "").replacing("      name: bratwurst\n", with: "")
        let object = try #require(try FixtureObject.all(in: text).first)
        let scratch = try Scratch()
        try scratch.write("review.json", ReviewBody(creating: object).bytes)
        try scratch.write("node.yaml", Samples.node())
        let arguments = ["review", "--mutate", "--inventory", "node.yaml", "review.json"]
        #expect(try await answer(try await Program.run(arguments, in: scratch))["patch"] == nil)
        let response = try await answer(
            try await Program.run(arguments + ["--default-from-nodes"], in: scratch))
        let patch = try #require(Data(base64Encoded: response["patch"] as? String ?? ""))
        #expect(
            String(decoding: patch, as: UTF8.self) == """
                [{"op":"add","path":"/spec/kubernetes/nodes/0/cpu","value":{"count":2}},\
                {"op":"add","path":"/spec/kubernetes/nodes/0/memory","value":"4Gi"},\
                {"op":"add","path":"/spec/kubernetes/nodes/0/name","value":"cpu2-mem4-disk40"}]
                """)
        #expect(
            response["auditAnnotations"] as? [String: String] == [
                "default-from-nodes":
                    #"spec.kubernetes.nodes[0].cpu={"count":2},spec.kubernetes.nodes[0].memory=4Gi"#,
                "default-flavor-name": "spec.kubernetes.nodes[0].name=cpu2-mem4-disk40",
            ])
    }

    /// The id that another Region of the inventory declares is refused, and only then.
    @Test func inventory() async throws {
        let scratch = try Scratch()
        let object = try #require(try FixtureObject.all(in: Samples.region(name: Samples.otherName)).first)
        try scratch.write("review.json", ReviewBody(creating: object).bytes)
        try scratch.write("known/a.yaml", Samples.region())
        try scratch.write("other.yaml", Samples.numbered(1))
        #expect(try await Program.run(["review", "review.json"], in: scratch).code == 0)
        let run = try await Program.run(
            ["review", "--inventory", "other.yaml", "--inventory", "known", "review.json"], in: scratch)
        #expect(run.code == 1, "\(run)")
        #expect(run.output.contains("node-id-unique") && run.output.contains("unikorn-region/\(Samples.name)"))
    }

    @Test(arguments: [
        ("nonsense", "inventory: nonsense: No such file or directory"), ("bad.yaml", "inventory: bad.yaml:2:1: "),
    ])
    func badInventory(_ path: String, _ message: String) async throws {
        let scratch = try Scratch()
        try scratch.write("bad.yaml", "[\n")
        let run = try await Program.run(["review", "--inventory", path], in: scratch, input: "{}")
        #expect(run.code == 2)
        #expect(run.errors.hasPrefix("unikorn-region-webhook: \(message)"), "\(run)")
    }

    @Test(arguments: [
        ("", "no JSON found"), ("{", "improper structure"), ("[]", "expected an AdmissionReview, found an array"),
        (#"{"kind":"Region"}"#, #"expected kind AdmissionReview, found "Region""#),
        (#"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v2"}"#, #"found "admission.k8s.io/v2""#),
        (#"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}"#, "has no request"),
        (
            #"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"","operation":"CREATE"}}"#,
            "request.uid is missing"
        ),
    ])
    func badBody(_ body: String, _ message: String) async throws {
        let run = try await Program.run(["review", "-"], input: body)
        #expect(run.code == 2)
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("unikorn-region-webhook: -: "), "\(run)")
        #expect(run.errors.contains(message), "\(run)")
    }

    @Test func missingFile() async throws {
        let run = try await Program.run(["review", "nonsense.json"])
        #expect(run.code == 2)
        #expect(run.errors == "unikorn-region-webhook: nonsense.json: No such file or directory\n")
    }

    @Test func versionOfTheRequestIsAnswered() async throws {
        let object = try #require(try FixtureObject.all(in: Samples.region()).first)
        var body = ReviewBody(creating: object)
        body.version = "admission.k8s.io/v1beta1"
        let run = try await Program.run(["review"], input: String(decoding: body.bytes, as: UTF8.self))
        #expect(run.code == 0)
        #expect(run.output.contains(#""apiVersion":"admission.k8s.io/v1beta1""#))
    }
}
