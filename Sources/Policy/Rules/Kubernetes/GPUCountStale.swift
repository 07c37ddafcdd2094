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
            guard let gpu = flavor.gpu.content, let physical = gpu.physicalCount.content,
                let logical = gpu.logicalCount.content,
                let old = review.old?.flavor(id: flavor.id.content)?.gpu.content,
                let oldPhysical = old.physicalCount.content, let oldLogical = old.logicalCount.content,
                physical != oldPhysical, oldLogical == oldPhysical, logical == oldLogical
            else { return }
            findings.report(
                .gpuCountStale, .invalid, flavor.path.field("gpu").field("logicalCount"), shown: String(logical),
                subject: flavor.subject, "physicalCount changed from \(oldPhysical) to \(physical), and this stayed")
        })
}
