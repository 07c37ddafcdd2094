import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: setting a class on a Node that has none.
    package static let nodeClassChanged: Rule = Rule(
        .nodeClassChanged, .warn,
        summary: "The class of a Node is not replaced by another.",
        goesWrong: "Workloads on the Node were scheduled by the old class.",
        remedy: "Drain the Node before you give it another class.",
        check: .node { review, findings in
            guard let old = review.old?.nodeClass.content, let value = review.node.nodeClass.content, !(value == old)
            else { return }
            findings.report(
                .nodeClassChanged, .invalid, NodePath.nodeClass, shown: show(value),
                "replaces class \(show(old)), by which workloads here were scheduled")
        })
}
