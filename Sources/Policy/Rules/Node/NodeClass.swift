import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a canonical lowercase UUID that is not nil. An empty value is one too many: upstream selects by the
    /// label's existence.
    package static let nodeClass: Rule = Rule(
        .nodeClass, .deny,
        summary:
            "The value of the label `kubernetes.region.unikorn-cloud.org/node-class` is a canonical lowercase UUID.",
        goesWrong: "The Node is invisible, or a class of its own.",
        remedy: "Write the id of the flavor exactly as the Region has it; remove the label where there is no class.",
        check: .node { review, findings in
            guard let value = review.node.nodeClass.content, let fault = UUIDFault(value) ?? UUIDFault(nil: value)
            else { return }
            findings.report(
                .nodeClass, .invalid, NodePath.nodeClass, shown: fault.shown,
                value.isEmpty
                    ? "must be a lowercase UUID; to take a Node out of its class remove the label" : fault.detail,
                hint: value.isEmpty ? nil : fault.hint)
        })
}
