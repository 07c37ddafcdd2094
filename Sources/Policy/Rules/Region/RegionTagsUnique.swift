import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: tags whose names are not empty and differ from each other.
    package static let regionTagsUnique: Rule = Rule(
        .regionTagsUnique, .warn, strict: true,
        summary: "The names of `spec.tags` are unique and not empty.",
        goesWrong: "Which of two values a client reads is chance.",
        remedy: "Give each tag a name of its own.",
        check: .region { review, findings in
            guard let tags = review.region.tags.content else { return }
            var seen: Set<Text> = []
            for (index, tag) in tags.enumerated() {
                let path = { RegionPath.tags.index(index).field("name") }
                switch tag.name {
                case .invalid: continue
                case .absent: findings.report(.regionTagsUnique, .required, path(), shown: nil, "each tag needs a name")
                case .present(let name):
                    if name.isEmpty {
                        findings.report(.regionTagsUnique, .required, path(), shown: nil, "each tag needs a name")
                    } else if !seen.insert(name).inserted {
                        findings.report(
                            .regionTagsUnique, .duplicate, path(), shown: show(name), "another tag has this name")
                    }
                }
            }
        })
}
