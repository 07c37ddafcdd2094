import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a canonical lowercase UUID that is not nil; of which version is `node-id-version`.
    package static let nodeID: Rule = Rule(
        .nodeID, .deny,
        summary: "A flavor's `id` is a canonical lowercase UUID, and not the nil UUID.",
        goesWrong:
            "It is matched byte by byte with the label of Nodes: an uppercase id hides the flavor without a word.",
        remedy: "Write the id in lower case, 8-4-4-4-12, exactly as on the Nodes.",
        check: .flavor { flavor, _, findings in
            if let uuid = flavor.uuid, !uuid.isNil { return }
            switch flavor.id {
            case .invalid: return
            case .absent:
                findings.report(
                    .nodeID, .required, flavor.path.field("id"), shown: nil, subject: flavor.subject,
                    "a lowercase version 4 UUID")
            case .present(let id):
                guard let fault = UUIDFault(id) ?? UUIDFault(nil: id) else { return }
                findings.report(
                    .nodeID, .invalid, flavor.path.field("id"), shown: fault.shown, subject: flavor.subject,
                    fault.detail,
                    hint: fault.hint)
            }
        })
}
