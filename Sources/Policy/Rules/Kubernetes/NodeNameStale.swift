import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: a derived name that still says what the flavor is, and any name that was chosen.
    package static let nodeNameStale: Rule = Rule(
        .nodeNameStale, .warn, strict: true,
        summary: "An update that changes a flavor changes the name that was derived from it.",
        goesWrong: "A defaulted name has no owner under server-side apply: it stays, and says what the flavor was.",
        remedy: "Set the name to what the flavor is now.",
        check: .flavor { flavor, review, findings in
            guard review.old != nil, let old = review.oldFlavors[flavor.id.content], let name = flavor.name.content,
                let oldName = old.name.content, name == oldName, let oldDerived = FlavorName(old),
                oldDerived.matches(name), let derived = FlavorName(flavor), !derived.matches(name)
            else { return }
            findings.report(
                .nodeNameStale, .invalid, flavor.path.field("name"), shown: show(name),
                "no longer says what the flavor is", hint: "write \"\(derived.base)\"")
        })
}
