import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: version 4, RFC 9562 variant (`--class-id-version any` makes it a warning).
    package static let nodeIDVersion: Rule = Rule(
        .nodeIDVersion, .deny,
        summary: "A flavor's `id` is a version 4 UUID of RFC 9562's variant.",
        goesWrong: "The provider's documentation requires version 4: another one may be derived, and so collide.",
        remedy: "Make a random UUID (`uuidgen -r`), or allow others with `--class-id-version any`.",
        check: .flavor { flavor, _, findings in
            guard let uuid = flavor.uuid, !uuid.isVersion4, let id = flavor.id.content,
                let fault = UUIDFault(version: id)
            else { return }
            findings.report(
                .nodeIDVersion, .invalid, flavor.path.field("id"), shown: fault.shown, subject: flavor.subject,
                fault.detail)
        })
}
