import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: the pattern of display names.
    package static let nodeNameSyntax: Rule = Rule(
        .nodeNameSyntax, .warn, strict: true,
        summary: "A flavor's `name` matches the pattern of names.",
        goesWrong: "Newer region services check their own answers against the pattern, and panic.",
        remedy: "Use letters, digits, `-`, `_` and `.`, at most 63, and start and end with a letter or a digit.",
        check: .flavor { flavor, _, findings in
            guard let name = flavor.name.content, !name.isEmpty, let fault = LabelSyntax.displayName(name) else {
                return
            }
            findings.report(
                .nodeNameSyntax, .invalid, flavor.path.field("name"), shown: show(name), fault.description)
        })
}
