import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: provider kubernetes with `spec.kubernetes`, openstack with `spec.openstack`.
    package static let regionProviderBlock: Rule = Rule(
        .regionProviderBlock, .deny,
        summary: "Provider kubernetes comes with `spec.kubernetes`, openstack with `spec.openstack`.",
        goesWrong: "The region service dereferences nil and crashes.",
        remedy: "Add the block of the provider, or correct `spec.provider`.",
        check: .region { review, findings in
            guard let provider = review.region.provider.content else { return }
            if provider == "kubernetes", review.region.kubernetes.isAbsent {
                findings.report(
                    .regionProviderBlock, .required, RegionPath.kubernetes, shown: nil,
                    "provider \"kubernetes\" needs this block")
            }
            if provider == "openstack", review.region.openstack.isAbsent {
                findings.report(
                    .regionProviderBlock, .required, RegionPath.openstack, shown: nil,
                    "provider \"openstack\" needs this block")
            }
        })
}
