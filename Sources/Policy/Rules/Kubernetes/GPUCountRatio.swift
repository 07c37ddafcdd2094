import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: logicalCount a multiple of physicalCount.
    package static let gpuCountRatio: Rule = Rule(
        .gpuCountRatio, .warn, strict: true,
        summary: "A flavor's `gpu.logicalCount` is a multiple of `gpu.physicalCount`.",
        goesWrong: "A card is split into a fraction of a GPU: one of the two numbers is a mistake.",
        remedy: "Correct the numbers: an MI250 is 1 physical and 2 logical GPUs.",
        check: .flavor { flavor, _, findings in
            guard let gpu = flavor.gpu.content, let physical = gpu.physicalCount.content,
                let logical = gpu.logicalCount.content, physical >= 1, logical >= 1, logical % physical != 0
            else { return }
            findings.report(
                .gpuCountRatio, .invalid, flavor.path.field("gpu").field("logicalCount"), shown: String(logical),
                subject: flavor.subject, "should be a multiple of physicalCount, \(physical)")
        })
}
