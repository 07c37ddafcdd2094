import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a canonical lowercase UUID in `metadata.name`.
    package static let regionName: Rule = Rule(
        .regionName, .deny,
        summary: "`metadata.name` is a canonical lowercase UUID (a warning where the provider is not kubernetes).",
        goesWrong: "The region API looks a region up by its id in that form; newer servers answer 400 to any other.",
        remedy: "Name the object by a UUID and put the name that people read into the label `unikorn-cloud.org/name`.",
        check: .region { review, findings in
            let severity: Severity? = review.region.provider.content.map { $0 == "kubernetes" } == false ? .warn : nil
            switch review.region.metadata.name {
            case .invalid: return
            case .absent:
                // With generateName the server has yet to choose a name, which can be no UUID.
                let value = review.region.metadata.generateName.content
                findings.report(
                    .regionName, .required, RegionPath.name, shown: nil,
                    value == nil ? "a lowercase UUID" : "a lowercase UUID; generateName cannot make one", as: severity)
            case .present(let name):
                guard let fault = UUIDFault(name) else { return }
                findings.report(
                    .regionName, .invalid, RegionPath.name, shown: fault.shown, fault.detail, hint: fault.hint,
                    as: severity)
            }
        })
}
