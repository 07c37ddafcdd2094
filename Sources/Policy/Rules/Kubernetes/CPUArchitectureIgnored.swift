import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: no `cpu.architecture`, or x86_64.
    package static let cpuArchitectureIgnored: Rule = Rule(
        .cpuArchitectureIgnored, .warn,
        summary: "`cpu.architecture`, where set on a kubernetes node, is x86_64.",
        goesWrong: "The kubernetes provider reports x86_64 whatever stands here.",
        remedy: "Expect users to see x86_64.",
        check: .flavor { flavor, _, findings in
            guard let architecture = flavor.cpu.content?.architecture.content, architecture != "x86_64" else { return }
            findings.report(
                .cpuArchitectureIgnored, .invalid, flavor.path.field("cpu").field("architecture"),
                shown: show(architecture), subject: flavor.subject, "is ignored: provider kubernetes reports \"x86_64\""
            )
        })
}
