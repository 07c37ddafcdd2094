import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a display name that no other Region has.
    package static let regionDisplayNameUnique: Rule = Rule(
        .regionDisplayNameUnique, .warn,
        summary: "No other Region has the same display name.",
        goesWrong: "Users see two regions that they cannot tell apart.",
        remedy: "Give one of the two another name.",
        check: .regionInventory { record, change, surroundings, findings in
            guard let name = record.displayName,
                let other = surroundings.inventory.region(named: name, otherThan: record.object)
            else { return }
            findings.report(
                .regionDisplayNameUnique, .duplicate, RegionPath.displayName, shown: quoted(name),
                "Region \(quoted(other)) has this name too",
                related: Finding.Related(kind: Region.kind, object: other, path: RegionPath.displayName),
                isOld: change.old?.displayName == name)
        })
}
