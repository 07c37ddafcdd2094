import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a client certificate, and at least one authority, that are valid now and for 30 more days.
    package static let kubeconfigCertificateExpiry: Rule = Rule(
        .kubeconfigCertificateExpiry, .deny,
        summary: "The kubeconfig's certificates are valid, and for 30 more days (sooner: a warning).",
        goesWrong: "The region dies on the day the certificate expires.",
        remedy: "Issue a new client certificate and replace the Secret.",
        check: .regionInventory { record, change, surroundings, findings in
            guard let reference = record.kubeconfigSecret, change.changesSecret(\.kubeconfigSecret, of: record),
                let kubeconfig = surroundings.inventory.secret(reference)?.kubeconfig
            else { return }
            for role in [KubeconfigFacts.Certificate.Role.client, .authority] {
                // Of several authorities one suffices: the last to expire. A client shows its first certificate.
                let all = kubeconfig.certificates.filter { $0.role == role }
                let relevant = role == .client ? all.first : all.max { $0.notAfter < $1.notAfter }
                guard let certificate = relevant, let fault = expiry(of: certificate, now: surroundings.now) else { continue }
                findings.report(
                    .kubeconfigCertificateExpiry, .invalid, RegionPath.kubeConfigSecret.field("name"),
                    shown: quoted(reference.name), fault.detail, as: surroundings.isDryRun ? .warn : fault.severity)
            }
        })

    private static func expiry(
        of certificate: KubeconfigFacts.Certificate, now: Int64
    ) -> (severity: Severity?, detail: String)? {
        let name = certificate.role == .client ? "client certificate" : "certificate authority"
        if certificate.notAfter < now {
            return (nil, "the \(name) in its kubeconfig expired \(days(now - certificate.notAfter)) ago")
        }
        if certificate.notBefore > now {
            return (nil, "the \(name) in its kubeconfig is valid only in \(days(certificate.notBefore - now))")
        }
        guard certificate.notAfter - now < expiryNotice else { return nil }
        return (.warn, "the \(name) in its kubeconfig expires in \(days(certificate.notAfter - now))")
    }

    private static func days(_ seconds: Int64) -> String {
        let days = seconds / 86_400
        return days == 1 ? "1 day" : "\(days) days"
    }

    /// Seconds before expiry at which it is worth a word: 30 days, time to notice and to replace.
    private static let expiryNotice: Int64 = 30 * 86_400
}
