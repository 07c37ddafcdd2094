import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: any provider; which ones are known is `region-provider-known`.
    package static let regionProvider: Rule = Rule(
        .regionProvider, .deny,
        summary: "`spec.provider` is there.",
        goesWrong: "The region service does not know what the region is.",
        remedy: "Set `spec.provider` to openstack, kubernetes or simulated.",
        check: .region { review, findings in
            if case .invalid = review.region.spec { return }
            let isEmpty = review.region.provider.content?.isEmpty ?? false
            guard review.region.provider.isAbsent || isEmpty else { return }
            findings.report(
                .regionProvider, .required, RegionPath.provider, shown: nil, "one of \(Provider.list)")
        })
}
