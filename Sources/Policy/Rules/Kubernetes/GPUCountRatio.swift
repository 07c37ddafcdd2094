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
            guard let gpu = flavor.gpu.content else { return }
            checkRatio(.gpuCountRatio, gpu, flavor.path.field("gpu"), subject: flavor.subject, &findings)
        })

    static func checkRatio(
        _ rule: Rule, _ gpu: GPU, _ path: @autoclosure () -> FieldPath, subject: @autoclosure () -> String?,
        _ findings: inout Findings, as severity: Severity? = nil
    ) {
        guard let physical = gpu.physicalCount.content, let logical = gpu.logicalCount.content, physical >= 1,
            logical >= 1, logical % physical != 0
        else { return }
        findings.report(
            rule, .invalid, path().field("logicalCount"), shown: String(logical), subject: subject(),
            "should be a multiple of physicalCount, \(physical)", as: severity)
    }
}
