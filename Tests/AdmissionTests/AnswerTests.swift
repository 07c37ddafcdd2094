import Admission
import KubernetesTypes
import Policy
import TestSupport
import Testing

@Suite struct AnswerTests {
    private static let bad = #""1e1.5""#
    private static let banana = NodeText.node("worker-0", class: "banana")

    @Test(arguments: ["admission.k8s.io/v1", "admission.k8s.io/v1beta1"])
    func echoesVersionAndUID(_ version: String) throws {
        var body = ReviewBody(region: RegionText.region())
        body.version = version
        body.uid = "a \"uid\" \u{e9}"
        let answer = try Answering.answer(body)
        #expect(answer.apiVersion == version)
        #expect(answer.response.uid == body.uid)
        #expect(answer.response.allowed)
        #expect(answer.response.status == nil && answer.response.warnings == nil)
        #expect(answer.response.auditAnnotations == nil)
    }

    @Test func causesAreSortedAndTheMessageHoldsThemAll() throws {
        let flavors = [
            RegionText.flavor(1, memory: Self.bad), RegionText.flavor(2, id: #""banana""#, cpu: "{}"),
            RegionText.flavor(3), RegionText.flavor(3, name: "\"again\""),
        ]
        var body = ReviewBody(region: RegionText.region(flavors, displayName: "-"))
        body.name = RegionText.name
        let status = try #require(try Answering.answer(body).response.status)
        #expect(
            status.details.causes.map { "\($0.reason) \($0.field)" } == [
                "FieldValueInvalid metadata.labels[unikorn-cloud.org/name]",
                "FieldValueInvalid spec.kubernetes.nodes[0].memory",
                "FieldValueRequired spec.kubernetes.nodes[1].cpu.count",
                "FieldValueInvalid spec.kubernetes.nodes[1].id",
                "FieldValueDuplicate spec.kubernetes.nodes[3].id",
            ])
        let start = "Region \"\(RegionText.name)\" is invalid: [metadata.labels[unikorn-cloud.org/name]: "
        #expect(status.message.hasPrefix(start))
        #expect(status.message.hasSuffix(" [node-id-duplicate]]"))
        for cause in status.details.causes {
            // The flavor stands beside the field in one, and before the sentence in the other.
            let sentence = cause.message.split(separator: ") ", maxSplits: 1).last.map { String($0) } ?? ""
            #expect(status.message.contains(cause.message.hasPrefix("(") ? sentence : cause.message))
        }
    }

    @Test func oneCauseStandsWithoutBrackets() throws {
        let region = RegionText.region([RegionText.flavor(1, memory: "\"0\"")])
        let status = try #require(try Answering.answer(ReviewBody(region: region)).response.status)
        #expect(
            status.message == """
                Region "" is invalid: spec.kubernetes.nodes[0].memory (flavor "flavor-1"): Invalid value: "0": must be \
                greater than 0 [memory]
                """)
    }

    @Test func warningsAndDenialsStandApart() throws {
        let region = RegionText.region([RegionText.flavor(1, cpu: #"{"count":1}"#, memory: Self.bad)])
        let response = try Answering.answer(ReviewBody(region: region)).response
        #expect(response.status?.details.causes.count == 1)
        #expect(response.warnings?.count == 1)
        #expect(response.auditAnnotations == ["denied": "memory", "warned": "cpu-count-small"])
    }

    @Test func fixtureWarningsAreShort() throws {
        for fixture in Fixture.rules where !fixture.header.isOfflineOnly {
            for object in try FixtureObject.all(in: fixture.text) where object.isJudged {
                for warning in try Answering.answer(object.reviewBody).response.warnings ?? [] {
                    #expect(warning.unicodeScalars.count <= 256)
                    #expect(warning.unicodeScalars.allSatisfy(PrintableText.isSafe))
                    #expect(warning.hasSuffix("]"))
                }
            }
        }
    }

    /// More than 64 are counted, not sent.
    @Test(arguments: [1, 63, 64, 65, 70]) func warningsAreCounted(_ count: Int) throws {
        let flavors = (0..<count).map { RegionText.flavor($0, cpu: #"{"count":1}"#) }
        let response = try Answering.answer(ReviewBody(region: RegionText.region(flavors))).response
        let warnings = try #require(response.warnings)
        #expect(warnings.count == min(count, 64))
        #expect(warnings.dropLast().allSatisfy { $0.hasSuffix("[cpu-count-small]") })
        #expect(warnings.last?.hasSuffix(count > 64 ? "and \(count - 63) more warnings" : "[cpu-count-small]") == true)
    }

    @Test func longWarningsKeepTheirRule() throws {
        let name = String(repeating: "ü", count: 200)
        let region = RegionText.region([RegionText.flavor(1, name: "\"\(name)\"")])
        let warnings = try #require(try Answering.answer(ReviewBody(region: region)).response.warnings)
        #expect(warnings.count == 1)
        #expect(warnings[0].unicodeScalars.count <= 256)
        #expect(warnings[0].hasSuffix("… [node-name-syntax]"))
    }

    /// Whoever asks to mutate gets defaults and no verdict; whoever asks to validate gets a verdict and no patch.
    @Test func patch() throws {
        let gpu = RegionText.gpu(logical: nil)
        let region = RegionText.region([RegionText.flavor(1, name: .some(nil), memory: "\"8Gi\"", gpu: gpu)])
            .replacing(#""namespace":"unikorn-region","name":"de-central-0-kubeconfig""#, with: #""name":"s""#)
        let body = ReviewBody(region: region)
        let mutated = try Answering.answer(body, .mutate)
        #expect(mutated.response.patchType == "JSONPatch")
        #expect(
            try mutated.operations == [
                .init(add: "/spec/kubernetes/kubeConfigSecret/namespace", .string("unikorn-region")),
                .init(add: "/spec/kubernetes/nodes/0/gpu/logicalCount", .integer(8)),
                .init(add: "/spec/kubernetes/nodes/0/name", .string("cpu2-mem8-disk40-8xh100")),
            ])
        #expect(
            mutated.response.auditAnnotations == [
                "default-secret-namespace": "spec.kubernetes.kubeConfigSecret.namespace=unikorn-region",
                "default-gpu-logical-count": "spec.kubernetes.nodes[0].gpu.logicalCount=8",
                "default-flavor-name": "spec.kubernetes.nodes[0].name=cpu2-mem8-disk40-8xh100",
            ])
        let validated = try Answering.answer(body, .validate)
        #expect(validated.response.allowed)
        #expect(validated.response.patch == nil && validated.response.patchType == nil)
    }

    @Test func aWrongRegionIsMutatedWithoutAVerdict() throws {
        let flavor = RegionText.flavor(1, memory: Self.bad, gpu: RegionText.gpu(logical: nil))
        let answer = try Answering.answer(ReviewBody(region: RegionText.region([flavor])), .mutate)
        #expect(answer.response.allowed && answer.response.status == nil && answer.response.warnings == nil)
        #expect(try answer.operations.count == 1)
    }

    @Test func updatesAreDefaultedToo() throws {
        let new = RegionText.region([RegionText.flavor(1, gpu: RegionText.gpu(logical: nil))])
        let body = ReviewBody(region: new, old: RegionText.region(), operation: "UPDATE")
        #expect(try Answering.answer(body, .mutate).operations.count == 1)
    }

    @Test func nothingButRegionsIsMutated() throws {
        #expect(try Answering.answer(ReviewBody(node: Self.banana), .mutate).response.patch == nil)
        let deletion = ReviewBody(region: nil, old: RegionText.region(), operation: "DELETE")
        #expect(try Answering.answer(deletion, .mutate).response.patch == nil)
    }
}
