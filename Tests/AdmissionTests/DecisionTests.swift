import Admission
import KubernetesTypes
import Policy
import TestSupport
import Testing

/// What is asked about, and what is not.
@Suite struct DecisionTests {
    private static let wrong = RegionText.region([RegionText.flavor(1, memory: #""1e1.5""#)])
    private static let banana = NodeText.node("worker-0", class: "banana")
    private static let labelled = NodeText.node("worker-0", class: RegionText.id(1))

    private func decide(_ body: ReviewBody, _ endpoint: Endpoint = .validate) throws -> Decision {
        try ParsedJSON(body.json).read { root in
            try Admission(policy: Policy(.forTests)).decide(
                AdmissionReview(root), endpoint: endpoint, inventory: Inventory(), now: Placeholders.now)
        }
    }

    @Test(arguments: [
        ("", "v1", "Pod", "pods"), ("apps", "v1", "Deployment", "deployments"),
        ("region.unikorn-cloud.org", "v1alpha1", "Identity", "identities"),
        ("region.unikorn-cloud.org", "v1", "Region", "regions"), ("other.org", "v1alpha1", "Region", "regions"),
        ("", "v2", "Node", "nodes"), ("metrics.k8s.io", "v1", "Node", "nodes"),
    ]) func unknownKindsPass(_ group: String, _ version: String, _ kind: String, _ resource: String) throws {
        var body = ReviewBody(
            kind: GroupVersionKind(group: group, version: version, kind: kind), resource: resource)
        body.object = Self.wrong
        for endpoint in [Endpoint.validate, .mutate] {
            let decision = try decide(body, endpoint)
            #expect(decision.isAllowed && decision.isUnknownKind && decision.findings.isEmpty)
            #expect(decision.code == 200)
        }
    }

    @Test func aRequestWithoutAKindPasses() throws {
        let request = #"{"uid":"a","operation":"CREATE"}"#
        let json = #"{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":\#(request)}"#
        #expect(try Answering.answer(Array(json.utf8)).response.allowed)
    }

    @Test func connectAndDeletePass() throws {
        for operation in ["CONNECT", "DELETE"] {
            #expect(try decide(ReviewBody(region: nil, old: Self.wrong, operation: operation)).isAllowed)
            #expect(try decide(ReviewBody(node: nil, old: Self.banana, operation: operation)).isAllowed)
        }
        // With a body too, as CONNECT has its options.
        #expect(try decide(ReviewBody(region: Self.wrong, operation: "CONNECT")).isAllowed)
    }

    @Test(arguments: [("status", true), ("scale", false), ("proxy", false), ("", true)])
    func subresourcesOfNodes(_ subresource: String, _ isJudged: Bool) throws {
        var body = ReviewBody(node: Self.banana, old: Self.labelled, operation: "UPDATE")
        body.subresource = subresource
        #expect(try decide(body).isAllowed != isJudged)
    }

    @Test func subresourcesOfRegionsPass() throws {
        for subresource in ["status", "scale"] {
            var body = ReviewBody(region: Self.wrong, old: RegionText.region(), operation: "UPDATE")
            body.subresource = subresource
            #expect(try decide(body).findings.isEmpty)
            // A subresource may come without the object.
            body.object = nil
            #expect(try decide(body).isAllowed)
        }
    }

    @Test func whoMayBeRefused() throws {
        var body = ReviewBody(node: Self.banana)
        #expect(try !decide(body).isAllowed)
        body.groups = ["system:nodes", "system:authenticated"]
        #expect(try decide(body).isAllowed)
        #expect(try decide(body).findings.map(\.severity) == [.warn])
        // Only the group counts, and only on CREATE, and only for Nodes.
        body.groups = ["system:nodes:a", "not:system:nodes"]
        body.username = "system:node:worker-0"
        #expect(try !decide(body).isAllowed)
        var update = ReviewBody(node: Self.banana, old: Self.labelled, operation: "UPDATE")
        update.groups = ["system:nodes"]
        #expect(try !decide(update).isAllowed)
        var region = ReviewBody(region: Self.wrong)
        region.groups = ["system:nodes"]
        #expect(try !decide(region).isAllowed)
    }

    @Test func dryRunsRefuse() throws {
        var body = ReviewBody(region: Self.wrong)
        body.isDryRun = true
        #expect(try !decide(body).isAllowed)
    }

    @Test func duplicateKeysAreTheLast() throws {
        let twice = RegionText.region().replacing(
            #""provider":"kubernetes""#, with: #""provider":"lunar","provider":"kubernetes""#)
        #expect(try decide(ReviewBody(region: twice)).findings.isEmpty)
    }
}
