import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: an update that leaves `spec.kubernetes` as it was.
    package static let regionRestart: Rule = Rule(
        .regionRestart, .warn,
        summary: "An update that changes `spec.kubernetes` takes effect only when the region service restarts.",
        goesWrong: "The region service reads it once: users see the old flavors until it restarts.",
        remedy: "Restart the region service once the update is done.",
        check: .region { review, findings in
            guard let old = review.old else { return }
            switch (review.region.kubernetes, old.kubernetes) {
            case (.present(let new), .present(let old)) where new.value.isEqual(to: old.value): return
            case (.absent, .absent): return
            default: break
            }
            findings.report(
                .regionRestart, .invalid, RegionPath.kubernetes, shown: nil,
                "the change takes effect when the region service restarts")
        })
}
