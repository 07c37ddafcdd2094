import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: an update that leaves `spec.provider` as it was.
    package static let regionProviderImmutable: Rule = Rule(
        .regionProviderImmutable, .deny,
        summary: "An update does not change `spec.provider`.",
        goesWrong: "Identities copy the provider when they are made, and keep the old one.",
        remedy: "Create another Region.",
        check: .region { review, findings in
            guard let old = review.old?.provider.content, !old.isEmpty, let provider = review.region.provider.content,
                !(provider == old)
            else { return }
            findings.report(
                .regionProviderImmutable, .invalid, RegionPath.provider, shown: show(provider),
                "cannot change: it is \(show(old)), and identities in the region copied that")
        })
}
