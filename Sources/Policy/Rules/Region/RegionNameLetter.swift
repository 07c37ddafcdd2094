import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: a UUID whose first character is a letter.
    package static let regionNameLetter: Rule = Rule(
        .regionNameLetter, .warn,
        summary: "The first character of `metadata.name` is a letter, a to f.",
        goesWrong: "Upstream documents it as required: the name also serves where one must start with a letter.",
        remedy: "Choose a UUID that starts with a letter.",
        check: .region { review, findings in
            guard let name = review.region.metadata.name.content, UUIDFault(name) == nil,
                let first = name.byte(at: 0), first < UInt8(ascii: "a")
            else { return }
            findings.report(
                .regionNameLetter, .invalid, RegionPath.name, shown: show(name),
                "should start with a letter, a to f")
        })
}
