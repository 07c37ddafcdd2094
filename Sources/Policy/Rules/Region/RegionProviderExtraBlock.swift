import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: no block of another provider than the one in `spec.provider`.
    package static let regionProviderExtraBlock: Rule = Rule(
        .regionProviderExtraBlock, .warn, strict: true,
        summary: "There is no block of another provider.",
        goesWrong: "It is ignored without a word, and whoever wrote it believes that it counts.",
        remedy: "Take the block out, or correct `spec.provider`.",
        check: .region { review, findings in
            guard let provider = review.region.provider.content, !provider.isEmpty else { return }
            if provider != "kubernetes", !review.region.kubernetes.isAbsent {
                findings.report(
                    .regionProviderExtraBlock, .forbidden, RegionPath.kubernetes, shown: nil,
                    "is ignored: the provider is \(show(provider))")
            }
            if provider != "openstack", !review.region.openstack.isAbsent {
                findings.report(
                    .regionProviderExtraBlock, .forbidden, RegionPath.openstack, shown: nil,
                    "is ignored: the provider is \(show(provider))")
            }
        })
}
