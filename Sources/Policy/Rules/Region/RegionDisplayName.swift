import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: 1 to 63 characters, letters, digits, `-`, `_` and `.`, the first and the last a letter or a digit.
    package static let regionDisplayName: Rule = Rule(
        .regionDisplayName, .deny,
        summary: "The label `unikorn-cloud.org/name` is there and matches the pattern of names.",
        goesWrong: "The region API reports the region under the name \"\".",
        remedy: "Set the label to the name that users shall see, e.g. `de-central-0`.",
        check: .region { review, findings in
            switch review.region.displayName {
            case .invalid: return
            case .absent:
                findings.report(
                    .regionDisplayName, .required, RegionPath.displayName, shown: nil,
                    "the name that users see, e.g. \"de-central-0\"")
            case .present(let name):
                guard let fault = LabelSyntax.displayName(name) else { return }
                findings.report(
                    .regionDisplayName, .invalid, RegionPath.displayName, shown: show(name), fault.description)
            }
        })
}
