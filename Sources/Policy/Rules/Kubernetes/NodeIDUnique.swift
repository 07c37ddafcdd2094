import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: an id that no other Region declares. On UPDATE, judged for ids that are new.
    package static let nodeIDUnique: Rule = Rule(
        .nodeIDUnique, .deny,
        summary: "No other Region declares a flavor's id.",
        goesWrong: "The class is no longer globally unique: two regions sell the same machines.",
        remedy: "Give the new class an id of its own (`uuidgen -r`), and label its Nodes with that.",
        check: .regionInventory { record, change, surroundings, findings in
            for flavor in record.flavors where !flavor.id.isEmpty && change.isNew(id: flavor.id) {
                guard let other = surroundings.inventory.declaration(of: flavor.id, otherThan: record.object) else {
                    continue
                }
                let name = other.flavor.subject.map { ", \($0)" } ?? ""
                findings.report(
                    .nodeIDUnique, .duplicate, flavor.path.field("id"), shown: quoted(flavor.id.description),
                    subject: flavor.subject, "Region \(quoted(other.region)) declares it\(name)",
                    related: Finding.Related(
                        kind: Region.kind, object: other.region, path: other.flavor.path.field("id")))
            }
        })
}
