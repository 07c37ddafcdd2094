import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: a class on a Node without the control plane's role.
    package static let nodeClassControlPlane: Rule = Rule(
        .nodeClassControlPlane, .warn,
        summary: "A control-plane Node has no class.",
        goesWrong: "It is offered to users as a flavor; hiding it is what the label is for.",
        remedy: "Remove the label from the Node.",
        check: .node { review, findings in
            guard let value = review.node.nodeClass.content, review.node.isControlPlane else { return }
            findings.report(
                .nodeClassControlPlane, .forbidden, NodePath.nodeClass, shown: show(value),
                "this Node runs the control plane, and the label offers it to users")
        })
}
