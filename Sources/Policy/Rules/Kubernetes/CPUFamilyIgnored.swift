import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: no `cpu.family`.
    package static let cpuFamilyIgnored: Rule = Rule(
        .cpuFamilyIgnored, .warn,
        summary: "`cpu.family` is not set on a kubernetes node.",
        goesWrong: "The field is dropped without a word.",
        remedy: "Leave it out.",
        check: .flavor { flavor, _, findings in
            guard let family = flavor.cpu.content?.family.content else { return }
            findings.report(
                .cpuFamilyIgnored, .invalid, flavor.path.field("cpu").field("family"), shown: show(family),
                subject: flavor.subject, "is ignored for provider kubernetes")
        })
}
