import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: the namespace that the region service lists (`--region-namespace`).
    package static let regionNamespace: Rule = Rule(
        .regionNamespace, .warn,
        summary: "The Region lies in the namespace of the region service (`--region-namespace`).",
        goesWrong: "The region service lists one namespace only: a Region elsewhere does not exist for it.",
        remedy: "Move the Region, or say with `--region-namespace` where the region service runs.",
        check: .region { review, findings in
            let expected = review.settings.regionNamespace
            guard let namespace = review.namespace, !(namespace == expected) else { return }
            findings.report(
                .regionNamespace, .invalid, RegionPath.namespace,
                shown: "\"\(PrintableText.escaped(String(namespace), limit: 63))\"",
                "the region service lists Regions of namespace \"\(expected)\" only")
        })
}
