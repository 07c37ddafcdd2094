import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: an absolute https URL; http passes with a warning.
    package static let openstackEndpoint: Rule = Rule(
        .openstackEndpoint, .deny,
        summary: "`spec.openstack.endpoint` is an absolute https URL (http: a warning).",
        goesWrong: "The region service cannot reach Keystone; over http it sends its password in the clear.",
        remedy: "Write the Keystone URL, e.g. `https://openstack.example.com:5000`.",
        check: .region { review, findings in
            guard let openstack = review.region.openstack.content else { return }
            switch openstack.endpoint {
            case .invalid: return
            case .absent:
                findings.report(
                    .openstackEndpoint, .required, RegionPath.endpoint, shown: nil,
                    "the Keystone URL, e.g. \"https://openstack.example.com:5000\"")
            case .present(let endpoint):
                do throws(URLError) {
                    guard try URLSyntax(endpoint).scheme == .http else { return }
                    findings.report(
                        .openstackEndpoint, .invalid, RegionPath.endpoint, shown: show(endpoint),
                        "sends credentials in the clear: use https", as: .warn)
                } catch {
                    findings.report(
                        .openstackEndpoint, .invalid, RegionPath.endpoint, shown: show(endpoint), error.description)
                }
            }
        })
}
