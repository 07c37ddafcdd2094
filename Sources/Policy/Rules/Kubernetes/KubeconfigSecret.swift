import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a name that is a DNS-1123 subdomain, a namespace that is a DNS-1123 label.
    package static let kubeconfigSecret: Rule = Rule(
        .kubeconfigSecret, .deny,
        summary: "`kubeConfigSecret` names a Secret by a valid name and namespace.",
        goesWrong: "No such Secret can exist: every call for flavors fails.",
        remedy: "Name the Secret that holds the region cluster's kubeconfig under the key `kubeconfig`.",
        check: .region { review, findings in
            guard let kubernetes = review.region.kubernetes.content else { return }
            checkReference(
                .kubeconfigSecret, kubernetes.kubeConfigSecret, RegionPath.kubeConfigSecret, review, &findings)
        })

    /// The reference to a Secret, of either provider.
    static func checkReference(
        _ rule: Rule, _ field: Field<SecretReference>, _ path: @autoclosure () -> FieldPath, _ review: RegionReview,
        _ findings: inout Findings
    ) {
        switch field {
        case .invalid: return
        case .absent: findings.report(rule, .required, path(), shown: nil, "the name and namespace of a Secret")
        case .present(let reference):
            switch reference.name {
            case .invalid: break
            case .absent: findings.report(rule, .required, path().field("name"), shown: nil, "the name of a Secret")
            case .present(let name):
                if let fault = DNS1123.subdomain(name) {
                    findings.report(rule, .invalid, path().field("name"), shown: show(name), fault.description)
                }
            }
            switch reference.namespace {
            case .invalid: break
            case .absent:
                // It is defaulted from the Region's own; only a Region whose own is not said yet has none.
                guard !review.settings.isOffline || review.namespace != nil else { return }
                findings.report(rule, .required, path().field("namespace"), shown: nil, "the namespace of the Secret")
            case .present(let namespace):
                if let fault = DNS1123.label(namespace) {
                    findings.report(
                        rule, .invalid, path().field("namespace"), shown: show(namespace), fault.description)
                }
            }
        }
    }
}
