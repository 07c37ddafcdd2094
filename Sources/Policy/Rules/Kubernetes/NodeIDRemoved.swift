import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: an update that keeps every class that Nodes carry as it is.
    package static let nodeIDRemoved: Rule = Rule(
        .nodeIDRemoved, .warn,
        summary: "An update removes or resizes no class that Nodes carry.",
        goesWrong:
            "Users assume that a flavor never changes: quota and scheduling of what runs there go by the old one.",
        remedy: "Add a class beside the old one, move the Nodes, then remove the old one.",
        check: .regionInventory { record, change, surroundings, findings in
            guard let old = change.old else { return }
            let kept = Dictionary(record.flavors.map { ($0.id, $0) }) { first, _ in first }
            for flavor in old.flavors where !flavor.id.isEmpty {
                let count = surroundings.inventory.nodeCount(of: flavor.id.description)
                guard count > 0 else { continue }
                let nodes = "\(count) \(count == 1 ? "Node carries" : "Nodes carry") this class"
                guard let new = kept[flavor.id] else {
                    findings.report(
                        .nodeIDRemoved, .invalid, RegionPath.nodes, shown: nil, subject: flavor.subject,
                        "class \(quoted(flavor.id.description)) is removed, and \(nodes)")
                    continue
                }
                if !new.isSameSize(as: flavor) {
                    findings.report(
                        .nodeIDRemoved, .invalid, new.path, shown: nil, subject: new.subject,
                        "the class is resized, and \(nodes)")
                }
            }
        })
}
