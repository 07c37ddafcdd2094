import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a Secret that exists and has the key `kubeconfig`. Judged where the Secret, or a cluster, is known.
    package static let kubeconfigSecretExists: Rule = Rule(
        .kubeconfigSecretExists, .deny,
        summary: "The Secret exists and has the key `kubeconfig`; on UPDATE judged where the reference changed.",
        goesWrong: "Every call for flavors fails.",
        remedy: "Create the Secret first, with the region cluster's kubeconfig under the key `kubeconfig`.",
        check: .regionInventory { record, change, surroundings, findings in
            checkSecret(
                .kubeconfigSecretExists, record.kubeconfigSecret, keys: ["kubeconfig"],
                changed: change.changesSecret(\.kubeconfigSecret, of: record),
                RegionPath.kubeConfigSecret.field("name"),
                surroundings, &findings)
        })

    /// Whether a referenced Secret exists with its keys, for either provider.
    static func checkSecret(
        _ rule: Rule, _ reference: ObjectName?, keys: [String], changed: Bool, _ path: @autoclosure () -> FieldPath,
        _ surroundings: Surroundings, _ findings: inout Findings
    ) {
        guard let reference, changed else { return }
        let secret: SecretRecord
        switch surroundings.secret(reference) {
        case .known(let record): secret = record
        case .missing:
            findings.report(
                rule, .notFound, path(), shown: quoted(reference.name),
                "there is no Secret \(quoted(reference))", atMost: surroundings.secretLimit)
            return
        case .unjudged(let reason):
            findings.report(
                rule, .notFound, path(), shown: quoted(reference.name), "not judged: \(reason)", as: .warn,
                atMost: .warn)
            return
        case nil: return
        }
        let missing = keys.filter { !secret.keys.contains($0) }
        guard !missing.isEmpty else { return }
        findings.report(
            rule, .notFound, path(), shown: quoted(reference.name),
            "Secret \(quoted(reference)) has no key \(missing.map { "\"\($0)\"" }.joined(separator: ", "))",
            atMost: surroundings.secretLimit)
    }
}
