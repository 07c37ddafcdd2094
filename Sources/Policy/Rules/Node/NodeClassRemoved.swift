import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: an update that keeps the label.
    package static let nodeClassRemoved: Rule = Rule(
        .nodeClassRemoved, .warn,
        summary: "The class of a Node is not removed.",
        goesWrong: "Workloads on the Node were scheduled by its class, and the flavor loses the machine.",
        remedy: "Drain the Node before you take it out of its class.",
        check: .node { review, findings in
            guard let old = review.old?.nodeClass.content, review.node.nodeClass.isAbsent else { return }
            findings.report(
                .nodeClassRemoved, .invalid, NodePath.nodeClass, shown: nil,
                "class \(show(old)) is removed, by which workloads here were scheduled")
        })
}
