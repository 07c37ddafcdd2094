import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a name that is a DNS-1123 subdomain, a namespace that is a DNS-1123 label.
    package static let openstackSecret: Rule = Rule(
        .openstackSecret, .deny,
        summary: "`serviceAccountSecret` names a Secret by a valid name and namespace.",
        goesWrong: "No such Secret can exist: newer servers fail to start.",
        remedy: "Name the Secret with the service account's credentials.",
        check: .region { review, findings in
            guard let openstack = review.region.openstack.content else { return }
            checkReference(
                .openstackSecret, openstack.serviceAccountSecret, RegionPath.serviceAccountSecret, review, &findings)
        })
}
