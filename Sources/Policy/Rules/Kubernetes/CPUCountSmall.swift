import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: 2 CPUs and more.
    package static let cpuCountSmall: Rule = Rule(
        .cpuCountSmall, .warn,
        summary: "A flavor has at least 2 CPUs.",
        goesWrong: "The kubernetes service hides flavors that are too small for a control plane.",
        remedy: "Expect this flavor to be missing from the list for clusters.",
        check: .flavor { flavor, _, findings in
            guard let count = flavor.cpu.content?.count.content, count == 1 else { return }
            findings.report(
                .cpuCountSmall, .invalid, flavor.path.field("cpu").field("count"), shown: "1", subject: flavor.subject,
                "below 2 CPUs the flavor is hidden from clusters")
        })
}
