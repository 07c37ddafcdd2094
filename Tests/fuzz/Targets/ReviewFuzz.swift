import Admission
import Documents
import KubernetesTypes
import NIOCore
import Policy
import RegionAPI
import TestSupport
import WebhookServer

/// The body of a review to the body of its answer, for both endpoints.
enum ReviewFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let server = Server()
        let validated = try server.answer(bytes, .validate)
        let mutated = try server.answer(bytes, .mutate)
        try equal(validated == nil, mutated == nil, "one endpoint reads what the other refuses")
        try compare(bytes, validated, mutated)
        guard let validated, let mutated else { return }
        try withJSON(bytes, emptying: AdmissionReview.unread) { root in
            let review = try AdmissionReview(root)
            let verdict = try ReviewAnswer(validated, to: review, .validate)
            let patch = try ReviewAnswer(mutated, to: review, .mutate).patch
            try hold(verdict.patch.isEmpty, "a patch from /validate")
            // The API server merges duplicate keys before it calls, and does not send a namespace of another type.
            guard let object = review.object, !root.hasDuplicateKeys else { return }
            try check(patch, of: object, bytes, validated, review, server)
        }
    }

    /// The server, which leaves some of a review unread, answers as if it read all of it.
    private static func compare(_ body: [UInt8], _ validated: [UInt8]?, _ mutated: [UInt8]?) throws {
        // What it has not read may be no JSON.
        guard (try? ParsedJSON(body)) != nil else { return }
        for (answer, endpoint) in [(validated, Endpoint.validate), (mutated, .mutate)] {
            let whole = try? Answering.bytes(body, endpoint, inventory: Server.inventory, emptying: [])
            try equal(
                answer.map { String(decoding: $0, as: UTF8.self) }, whole.map { String(decoding: $0, as: UTF8.self) },
                "a review without what is not read of it")
        }
    }

    /// A patched object needs no patch, and is judged as the object was.
    private static func check(
        _ patch: [ReviewAnswer.Addition], of object: Value, _ body: [UInt8], _ validated: [UInt8],
        _ review: AdmissionReview, _ server: Server
    ) throws {
        if patch.isEmpty { return }
        var tree = JSONTree(object)
        for addition in patch { try tree.set(addition.value, at: addition.path) }
        let defaults = Default.all(for: Region(object), namespace: review.namespace.map { String($0) })
        let document = DefaultedDocument(object, defaults)
        try withJSON(tree.json) { patched in
            try hold(patched.isEqual(to: document.root), "the patch does what defaulting offline does not")
        }
        let patchedBody = try withJSON(body, emptying: AdmissionReview.unread) { root in
            var whole = JSONTree(root)
            try whole.set(tree, at: ["request", "object"])
            return whole.json
        }
        guard let again = try server.answer(patchedBody, .mutate) else {
            throw FuzzFault(description: "a patched review is refused")
        }
        try withJSON(patchedBody) { root in
            let rest = try ReviewAnswer(again, to: try AdmissionReview(root), .mutate).patch
            try hold(rest.isEmpty, "a patched object is patched again: \(rest)")
        }
        // On UPDATE a default can be the only change there is.
        guard review.operation == .create else { return }
        let judged = try server.answer(patchedBody, .validate)
        try equal(
            judged.map { String(decoding: $0, as: UTF8.self) }, String(decoding: validated, as: UTF8.self),
            "the verdict on a patched object")
    }
}

/// The server's way from body to answer.
struct Server {
    private let processor = AdmissionProcessor(
        admission: Admission(policy: Policy(.forTests)),
        parsing: MemoryBudget(limit: ServerLimits().maxParsingBytes), inventory: { inventory })

    /// The answer; nil where the body is refused.
    func answer(_ body: [UInt8], _ endpoint: ReviewEndpoint) throws -> [UInt8]? {
        let first = try once(body, endpoint)
        let second = try once(body, endpoint)
        try hold(first == second, "two answers to one review")
        return first
    }

    private func once(_ body: [UInt8], _ endpoint: ReviewEndpoint) throws -> [UInt8]? {
        let padded = body + [UInt8](repeating: 0, count: reviewBodyPadding)
        var response: [UInt8] = []
        let step = padded.withUnsafeBytes { padded in
            let request = ReviewRequest(
                endpoint: endpoint, body: UnsafeRawBufferPointer(rebasing: padded[..<body.count]),
                deadline: .distantFuture, needsSubject: true)
            return processor.process(request, response: &response)
        }
        guard case .decided(let outcome) = step else {
            throw FuzzFault(description: "an answer without an API server takes its time")
        }
        guard outcome.status == 200 else {
            try equal(outcome.status, 400, "status")
            try hold(response.isEmpty && outcome.decision == nil, "an answer and a refusal")
            try holdPrintable(outcome.problem ?? "")
            return nil
        }
        try hold(outcome.problem == nil && outcome.decision != nil, "an answer without a decision")
        return response
    }

    /// A Region with flavors 1 and 2, a Node of flavor 1, and a Secret.
    static let inventory: Inventory = {
        var inventory = Inventory()
        let region = RegionText.region([RegionText.flavor(1), RegionText.flavor(2)], name: RegionText.id(99))
        let node = """
            {"kind":"Node","metadata":{"name":"n","labels":{"kubernetes.region.unikorn-cloud.org/node-class":\
            "\(RegionText.id(1))"}},"status":{"capacity":{"cpu":"2","memory":"4Gi","ephemeral-storage":"40Gi"}}}
            """
        try? ParsedJSON(region).read { inventory.add(RegionRecord(Region($0))) }
        try? ParsedJSON(node).read { if let record = NodeRecord(Node($0)) { inventory.add(record) } }
        let secret = ObjectName(namespace: "unikorn-region", name: "de-central-0-kubeconfig")
        inventory.add(SecretRecord(object: secret, keys: ["kubeconfig"], kubeconfig: nil))
        return inventory
    }()
}
