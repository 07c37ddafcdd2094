import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: no `spec.kubernetes.domainName`, or a DNS-1123 subdomain.
    package static let regionDomainName: Rule = Rule(
        .regionDomainName, .deny,
        summary: "`spec.kubernetes.domainName`, where set, is a DNS-1123 subdomain.",
        goesWrong: "Host names made of it are refused by every resolver and certificate authority.",
        remedy: "Write a domain name in lower case, such as `de-central-0.example.com`.",
        check: .region { review, findings in
            guard let name = review.region.kubernetes.content?.domainName.content,
                let fault = DNS1123.subdomain(name)
            else { return }
            findings.report(
                .regionDomainName, .invalid, RegionPath.domainName, shown: show(name), fault.description)
        })
}
