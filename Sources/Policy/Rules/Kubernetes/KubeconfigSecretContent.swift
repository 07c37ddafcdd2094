import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a kubeconfig that stands on its own: its current-context resolves, its server is https, its certificates
    /// are PEM, and it points to no file. Plugins and unverified servers are said.
    package static let kubeconfigSecretContent: Rule = Rule(
        .kubeconfigSecretContent, .deny,
        summary: "The Secret's value is a kubeconfig that a pod can use.",
        goesWrong:
            "Without current-context a Go client in a pod uses its own cluster: the control plane becomes the region.",
        remedy: "Make a self-contained kubeconfig: `kubectl config view --minify --flatten --raw`.",
        check: .regionInventory { record, change, surroundings, findings in
            guard let reference = record.kubeconfigSecret, change.changesSecret(\.kubeconfigSecret, of: record),
                let kubeconfig = surroundings.kubeconfig(reference)
            else { return }
            for fault in kubeconfig.faults {
                findings.report(
                    .kubeconfigSecretContent, .invalid, RegionPath.kubeConfigSecret.field("name"),
                    shown: quoted(reference.name), "in its kubeconfig, \(fault.field): \(fault.detail)",
                    as: fault.severity, atMost: surroundings.secretLimit)
            }
        })
}
