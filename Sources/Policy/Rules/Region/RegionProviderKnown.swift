import KubernetesTypes
import RegionAPI

/// The providers that some published version of the region service knows.
enum Provider {
    static let known = ["openstack", "kubernetes", "simulated"]
    static var list: String { known.map { "\"\($0)\"" }.joined(separator: ", ") }
}

extension Rule {
    /// Allowed without a word: openstack, kubernetes, simulated. Anything else passes: upstream adds providers.
    package static let regionProviderKnown: Rule = Rule(
        .regionProviderKnown, .warn, strict: true,
        summary: "`spec.provider` is openstack, kubernetes or simulated.",
        goesWrong: "A region service that does not know the provider fails to start.",
        remedy: "Correct the spelling, or make sure that the region service in use knows the provider.",
        check: .region { review, findings in
            guard let provider = review.region.provider.content, !provider.isEmpty,
                !Provider.known.contains(where: { provider == $0 })
            else { return }
            findings.report(
                .regionProviderKnown, .notSupported, RegionPath.provider, shown: show(provider),
                "known providers are \(Provider.list)")
        })
}
