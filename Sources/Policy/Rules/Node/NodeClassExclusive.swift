import KubernetesTypes
import RegionAPI

extension Rule {
    /// Off: many Nodes share a class. For those who read "unique" as one value per Node.
    package static let nodeClassExclusive: Rule = Rule(
        .nodeClassExclusive, .off,
        summary:
            "No other Node carries the class. Off by default: a class is a machine type, and many Nodes are one type.",
        goesWrong: "Nothing, unless each Node is meant to be a class of its own.",
        remedy: "Give the Node a class of its own, or leave the rule off.",
        check: .nodeInventory { record, surroundings, findings in
            guard let other = surroundings.inventory.node(of: record.nodeClass, otherThan: record.name) else { return }
            findings.report(
                .nodeClassExclusive, .duplicate, NodePath.nodeClass, shown: quoted(record.nodeClass),
                "Node \"\(other)\" carries this class",
                related: Finding.Related(
                    kind: Node.kind, object: ObjectName(namespace: "", name: other), path: NodePath.nodeClass))
        })
}
