import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: deletion of a Region whose classes no Node carries.
    package static let regionDeleteInUse: Rule = Rule(
        .regionDeleteInUse, .warn,
        summary: "No Node carries a class of a Region that is deleted.",
        goesWrong: "A chart that renames a region deletes the old one, with the machines still in use.",
        remedy: "Make sure that the Region is meant to go; remove the label from its Nodes.",
        check: .regionDelete { record, surroundings, findings in
            for flavor in record.flavors where !flavor.id.isEmpty {
                let count = surroundings.inventory.nodeCount(of: flavor.id.description)
                guard count > 0 else { continue }
                findings.report(
                    .regionDeleteInUse, .invalid, flavor.path.field("id"), shown: nil, subject: flavor.subject,
                    "\(count) \(count == 1 ? "Node carries" : "Nodes carry") this class")
            }
        })
}
