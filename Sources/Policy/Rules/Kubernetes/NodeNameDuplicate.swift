import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: each name once in a Region.
    package static let nodeNameDuplicate: Rule = Rule(
        .nodeNameDuplicate, .warn, strict: true,
        summary: "The names of a Region's flavors are unique.",
        goesWrong: "Users cannot tell two flavors apart.",
        remedy: "Give one of the two another name.",
        check: .region { review, findings in
            reportDuplicates(.nodeNameDuplicate, { $0.name.content }, field: "name", review.region.flavors, &findings)
        })
}
