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
            if case .tooMany(let count, let allowed) = surroundings.uniqueness {
                findings.report(
                    .nodeIDUnique, .tooLong, RegionPath.nodes, shown: "\(count) new ids",
                    "at most \(allowed) new class ids are claimed in one request: add the others in another update")
                return
            }
            for flavor in record.flavors where !flavor.id.isEmpty && change.isNew(id: flavor.id) {
                switch surroundings.holder(of: flavor.id, otherThan: record.object) {
                case .region(let other):
                    let declared = surroundings.inventory.region(other)?.flavors.first { $0.id == flavor.id }
                    let name = declared?.subject.map { ", \($0)" } ?? ""
                    findings.report(
                        .nodeIDUnique, .duplicate, flavor.path.field("id"), shown: quoted(flavor.id.description),
                        subject: flavor.subject, "Region \(quoted(other)) declares it\(name)",
                        related: Finding.Related(
                            kind: Region.kind, object: other, path: declared?.path.field("id") ?? RegionPath.nodes))
                case .request(let region):
                    let name = region.map { " of Region \(quoted($0))" } ?? ""
                    findings.report(
                        .nodeIDUnique, .duplicate, flavor.path.field("id"), shown: quoted(flavor.id.description),
                        subject: flavor.subject, "another request\(name) is about to declare it; try again")
                case nil: continue
                }
            }
        })
}

extension Surroundings {
    /// Who else has a class id.
    fileprivate func holder(of id: ClassID, otherThan object: ObjectName) -> Uniqueness.Holder? {
        switch uniqueness {
        case .inventory: inventory.declaration(of: id, otherThan: object).map { .region($0.region) }
        case .unjudged, .tooMany: nil
        case .known(let holders): holders[id]
        }
    }
}
