import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a Secret, in any namespace, that exists and has the four keys.
    package static let openstackSecretExists: Rule = Rule(
        .openstackSecretExists, .deny,
        summary:
            "The Secret exists and has domain-id, user-id, password and project-id; on UPDATE where the reference changed.",
        goesWrong: "Newer servers fail to start on one bad Secret.",
        remedy: "Create the Secret first, with the keys that are named.",
        check: .regionInventory { record, change, surroundings, findings in
            checkSecret(
                .openstackSecretExists, record.openstackSecret,
                keys: ["domain-id", "user-id", "password", "project-id"],
                changed: change.changesSecret(\.openstackSecret, of: record),
                RegionPath.serviceAccountSecret.field("name"), surroundings, &findings)
        })
}
