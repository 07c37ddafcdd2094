import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: each id once in a Region.
    package static let nodeIDDuplicate: Rule = Rule(
        .nodeIDDuplicate, .deny,
        summary: "The ids of a Region's flavors are unique.",
        goesWrong: "One of two flavors shadows the other.",
        remedy: "Give each class of machines an id of its own.",
        check: .region { review, findings in
            reportDuplicates(.nodeIDDuplicate, { $0.id.content }, field: "id", review.region.flavors, &findings)
        })

    /// Reports every flavor that repeats a text of an earlier one.
    static func reportDuplicates(
        _ rule: Rule, _ text: (Flavor) -> Text?, field name: String, _ flavors: [Flavor], _ findings: inout Findings
    ) {
        guard flavors.count > 1 else { return }
        func report(_ flavor: Flavor, _ text: Text, first: Int) {
            findings.report(
                rule, .duplicate, flavor.path.field(name), shown: show(text),
                subject: name == "name" ? nil : flavor.subject,
                "\(RegionPath.nodes.index(first)) has this \(name) already")
        }
        let texts = flavors.map(text)
        if flavors.count <= comparedDirectly {
            for (index, flavor) in flavors.enumerated() {
                guard let own = texts[index], !own.isEmpty else { continue }
                if let earlier = texts[..<index].firstIndex(where: { $0.map { $0 == own } ?? false }) {
                    report(flavor, own, first: flavors[earlier].index)
                }
            }
            return
        }
        var first: [Text: Int] = [:]
        for (flavor, text) in zip(flavors, texts) {
            guard let text, !text.isEmpty else { continue }
            if let earlier = first[text] { report(flavor, text, first: earlier) } else { first[text] = flavor.index }
        }
    }

    /// Up to here comparing each pair costs less than a table of hashes, and allocates nothing.
    private static let comparedDirectly = 16
}
