import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: an update that changes both counts, or a logicalCount that was chosen.
    package static let gpuCountStale: Rule = Rule(
        .gpuCountStale, .warn, strict: true,
        summary: "An update of `gpu.physicalCount` changes a `gpu.logicalCount` that equalled it.",
        goesWrong: "A defaulted count has no owner under server-side apply: from 8 to 4 cards it stays 8.",
        remedy: "Set logicalCount too.",
        check: .flavor { flavor, review, findings in
            guard review.old != nil, let gpu = flavor.gpu.content,
                let old = review.oldFlavors[flavor.id.content]?.gpu.content
            else { return }
            checkStale(.gpuCountStale, gpu, old: old, flavor.path.field("gpu"), subject: flavor.subject, &findings)
        })

    static func checkStale(
        _ rule: Rule, _ gpu: GPU, old: GPU, _ path: @autoclosure () -> FieldPath, subject: @autoclosure () -> String?,
        _ findings: inout Findings, as severity: Severity? = nil
    ) {
        guard let physical = gpu.physicalCount.content, let logical = gpu.logicalCount.content,
            let oldPhysical = old.physicalCount.content, let oldLogical = old.logicalCount.content,
            physical != oldPhysical, oldLogical == oldPhysical, logical == oldLogical
        else { return }
        findings.report(
            rule, .invalid, path().field("logicalCount"), shown: String(logical), subject: subject(),
            "physicalCount changed from \(oldPhysical) to \(physical), and this stayed", as: severity)
    }
}
