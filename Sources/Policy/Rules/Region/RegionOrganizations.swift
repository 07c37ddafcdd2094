import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: no `spec.security.organizations`, or a list that is not empty, of UUIDs that differ.
    package static let regionOrganizations: Rule = Rule(
        .regionOrganizations, .warn, strict: true,
        summary: "`spec.security.organizations` is not empty; its ids are UUIDs, each once.",
        goesWrong: "An empty list hides the region from everyone.",
        remedy: "Name the organizations that may use the region, or remove the list to let everyone.",
        check: .region { review, findings in
            guard let organizations = review.region.organizations.content else { return }
            if organizations.isEmpty {
                findings.report(
                    .regionOrganizations, .required, RegionPath.organizations, shown: nil,
                    "an empty list hides the region from everyone: name an organization or remove the list")
            }
            var seen: Set<Text> = []
            for (index, organization) in organizations.enumerated() {
                let path = { RegionPath.organizations.index(index).field("id") }
                switch organization.id {
                case .invalid: continue
                case .absent:
                    findings.report(.regionOrganizations, .required, path(), shown: nil, "the UUID of an organization")
                case .present(let id):
                    if let fault = UUIDFault(id) {
                        findings.report(
                            .regionOrganizations, .invalid, path(), shown: fault.shown, fault.detail, hint: fault.hint)
                    } else if !seen.insert(id).inserted {
                        findings.report(
                            .regionOrganizations, .duplicate, path(), shown: show(id),
                            "the organization is listed already")
                    }
                }
            }
        })
}
