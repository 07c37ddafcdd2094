import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: the Region's own namespace. Offline, an object without a namespace is not judged: it may be applied
    /// with `-n`.
    package static let kubeconfigSecretNamespace: Rule = Rule(
        .kubeconfigSecretNamespace, .warn, strict: true,
        summary: "`kubeConfigSecret.namespace` is the Region's own namespace.",
        goesWrong: "The region service ignores the field and reads the Secret of that name in its own namespace.",
        remedy: "Put the Secret beside the Region and name that namespace, or leave the field out.",
        check: .region { review, findings in
            guard let namespace = review.region.kubernetes.content?.kubeConfigSecret.content?.namespace.content,
                let own = review.namespace, !(namespace == own)
            else { return }
            findings.report(
                .kubeconfigSecretNamespace, .invalid, RegionPath.kubeConfigSecret.field("namespace"),
                shown: show(namespace),
                "is ignored: the region service reads the Secret in the Region's namespace, \(show(own))")
        })
}
