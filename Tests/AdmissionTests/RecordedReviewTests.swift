import Admission
import KubernetesTypes
import Policy
import TestSupport
import Testing

/// What kube-apiserver sent is answered as it expects.
@Suite struct RecordedReviewTests {
    private static let label = "metadata.labels[kubernetes.region.unikorn-cloud.org/node-class]"
    private static let ignoredFamilies = [
        """
        spec.kubernetes.nodes[0].cpu.family (flavor "flavor-0"): Invalid value: "Xeon Platinum 8160T (Skylake)": is \
        ignored for provider kubernetes, as in 7 other flavors [cpu-family-ignored]
        """
    ]

    /// What the answer on `/validate` holds besides the echo: causes, warnings, audit annotations.
    struct Expected: Sendable {
        var uid: String
        var name = ""
        var causes: [AnswerDocument.Cause] = []
        var warnings: [String] = []
        var annotations: [String: String] = [:]
    }

    private static func badClass(_ value: String, uid: String, name: String) -> Expected {
        let cause = AnswerDocument.Cause(
            reason: "FieldValueInvalid",
            message: #"Invalid value: "\#(value)": must be a lowercase UUID, hexadecimal digits in groups of "#
                + "8-4-4-4-12 [node-class]", field: label)
        let old =
            name == "gpu-worker-0" ? "4be04a2e-87e6-4ff2-b34b-2994ee1600ba" : "36f675cc-81e7-4ef5-a8e2-5d940ed90475"
        let warning =
            #"\#(label): Invalid value: "\#(value)": replaces class "\#(old)", by which workloads here were scheduled "#
            + "[node-class-changed]"
        return Expected(
            uid: uid, name: name, causes: [cause], warnings: [warning],
            annotations: ["denied": "node-class", "warned": "node-class-changed"])
    }

    private static let poison = AnswerDocument.Cause(
        reason: "FieldValueInvalid",
        message: #"(flavor "bratwurst") Invalid value: "1e1.5": exponent "e1.5" is not an integer: a decimal exponent "#
            + #"is "e" or "E" and then an integer, for example "12e6" [memory]"#,
        field: "spec.kubernetes.nodes[0].memory")

    static let expected: [String: Expected] = [
        "node-create-full-status.validate.json": Expected(uid: "5cddefab-4015-43e5-a343-46dd7db1508e"),
        "node-create-minimal.validate.json": Expected(uid: "d440e2f8-eb04-4e04-9929-47adba80d7be"),
        "node-status-patch-smuggles-class.validate.json": badClass(
            "smuggled", uid: "a8c9e583-bb33-49b8-991b-6b394fa631ee", name: "gpu-worker-0"),
        "node-update-bad-class.validate.json": badClass(
            "NOT-A-UUID", uid: "28b44b1b-59ae-4781-9868-f4817238e068", name: "gpu-worker-17"),
        "node-update-unrelated-label.validate.json": Expected(uid: "1b12911d-993d-4984-b04b-02dcb6b38862"),
        "region-create-eight-flavors.validate.json": Expected(
            uid: "4d2d04b6-503b-4fba-b1f6-6cc913bcb9f8",
            warnings: [
                "metadata.name: Invalid value: \"6513270e-269e-4d37-b2a7-4de452e6b438\": should start with a letter, "
                    + "a to f [region-name-letter]"
            ] + ignoredFamilies,
            annotations: ["warned": "region-name-letter,cpu-family-ignored"]),
        "region-create-eight-flavors.mutate.json": Expected(uid: "60dc71d5-801a-48c8-9c2b-6d9bb79f24c4"),
        "region-create-poison-quantity.validate.json": Expected(
            uid: "", name: "fe4ecbe5-421d-4f25-8b11-69593adfef5d", causes: [poison], annotations: ["denied": "memory"]),
        "region-create-poison-quantity.mutate.json": Expected(uid: "0c015d1c-65d6-418b-a374-fb333cc55046"),
        "region-delete.validate.json": Expected(uid: ""),
        "region-update-annotation-only.validate.json": Expected(uid: ""),
        "region-update-removes-flavor.mutate.json": Expected(uid: "4576f230-fa4c-463d-90ef-7df2e594c659"),
        "region-update-removes-flavor.validate.json": Expected(
            uid: "9594f236-82e3-45c8-8c55-8172a5716209",
            warnings: [
                "spec.kubernetes: the change takes effect when the region service restarts [region-restart]",
                "spec.kubernetes.nodes: Required value: without an entry the region has no flavors [nodes-empty]",
            ], annotations: ["warned": "region-restart,nodes-empty"]),
    ]

    @Test func allAreExpected() {
        #expect(RecordedReview.all == Self.expected.keys.sorted())
    }

    @Test(arguments: RecordedReview.all) func answer(_ name: String) throws {
        let expected = try #require(Self.expected[name])
        let endpoint: Endpoint = name.hasSuffix(".mutate.json") ? .mutate : .validate
        let body = try RecordedReview.body(name)
        let answer = try Answering.answer(body, endpoint)
        let uid = try ParsedJSON(body).read { root in root["request"]?["uid"]?.text.map { String($0) } }
        #expect(answer.apiVersion == "admission.k8s.io/v1")
        #expect(answer.kind == "AdmissionReview")
        let response = answer.response
        #expect(response.uid == uid)
        if !expected.uid.isEmpty { #expect(response.uid == expected.uid) }
        #expect(response.allowed == expected.causes.isEmpty)
        #expect(response.warnings ?? [] == expected.warnings)
        #expect(response.auditAnnotations ?? [:] == expected.annotations)
        // The recorded objects lack nothing.
        #expect(response.patch == nil && response.patchType == nil)
        guard !expected.causes.isEmpty else {
            #expect(response.status == nil)
            return
        }
        let status = try #require(response.status)
        #expect(status.code == 422)
        #expect(status.status == "Failure")
        #expect(status.reason == "Invalid")
        #expect(status.details.name == expected.name)
        #expect(status.details.causes == expected.causes)
        let kind = status.details.kind
        #expect(kind == (name.hasPrefix("node") ? "Node" : "Region"))
        #expect(status.details.group == (kind == "Node" ? "" : "region.unikorn-cloud.org"))
        let line = expected.causes[0].field + (kind == "Region" ? " (flavor \"bratwurst\")" : "")
        let sentence = expected.causes[0].message.replacing("(flavor \"bratwurst\") ", with: "")
        #expect(status.message == "\(kind) \"\(expected.name)\" is invalid: \(line): \(sentence)")
    }

    /// Whichever webhook is called with it, a recorded review gets an answer, always the same.
    @Test(arguments: RecordedReview.all) func bothEndpoints(_ name: String) throws {
        let body = try RecordedReview.body(name)
        for endpoint in [Endpoint.validate, .mutate] {
            let first = try Answering.bytes(body, endpoint)
            #expect(try Answering.bytes(body, endpoint) == first)
        }
        #expect(try Answering.answer(body, .validate).response.patch == nil)
        #expect(try Answering.answer(body, .mutate).response.allowed)
    }
}
