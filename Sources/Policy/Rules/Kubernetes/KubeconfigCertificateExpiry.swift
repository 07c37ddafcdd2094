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
                let kubeconfig = surroundings.kubeconfig(reference)
            else { return }
            for role in [KubeconfigFacts.Certificate.Role.client, .authority] {
                // Of several authorities one suffices: the best of them. A client shows its first certificate.
                let all = kubeconfig.certificates.filter { $0.role == role }
                    .map { (certificate: $0, fault: expiry(of: $0, now: surroundings.now)) }
                let best = role == .client ? all.first : all.min { Self.isBetter($0, $1) }
                guard let fault = best?.fault else { continue }
                findings.report(
                    .kubeconfigCertificateExpiry, .invalid, RegionPath.kubeConfigSecret.field("name"),
                    shown: quoted(reference.name), fault.detail, as: fault.severity, atMost: surroundings.secretLimit)
            }
        })

    private typealias Fault = (severity: Severity?, detail: String)

    /// Without a fault before with a warning before with a denial, and the longest-lived of two that are alike.
    private static func isBetter(
        _ left: (certificate: KubeconfigFacts.Certificate, fault: Fault?),
        _ right: (certificate: KubeconfigFacts.Certificate, fault: Fault?)
    ) -> Bool {
        let weights = [left, right].map { $0.fault == nil ? 0 : $0.fault?.severity == .warn ? 1 : 2 }
        if weights[0] != weights[1] { return weights[0] < weights[1] }
        return left.certificate.notAfter > right.certificate.notAfter
    }

    private static func expiry(of certificate: KubeconfigFacts.Certificate, now: Int64) -> Fault? {
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
        switch seconds / 86_400 {
        case 0: "less than a day"
        case 1: "1 day"
        case let days: "\(days) days"
        }
    }

    /// Seconds before expiry at which it is worth a word: 30 days, time to notice and to replace.
    private static let expiryNotice: Int64 = 30 * 86_400
}
