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
            reportDuplicates(.nodeIDDuplicate, \.id, field: "id", what: "id", review.region.flavors, &findings)
        })

    /// Reports every flavor that repeats a text of an earlier one.
    static func reportDuplicates(
        _ rule: Rule, _ field: KeyPath<Flavor, Field<Text>>, field name: String, what: String, _ flavors: [Flavor],
        _ findings: inout Findings
    ) {
        guard flavors.count > 1 else { return }
        func report(_ flavor: Flavor, _ text: Text, first: Int) {
            findings.report(
                rule, .duplicate, flavor.path.field(name), shown: show(text), subject: name == "name" ? nil : flavor.subject,
                "\(RegionPath.nodes.index(first)) has this \(what) already")
        }
        if flavors.count <= comparedDirectly {
            for (index, flavor) in flavors.enumerated() {
                guard let text = flavor[keyPath: field].content, !text.isEmpty else { continue }
                for earlier in flavors[..<index] {
                    guard let other = earlier[keyPath: field].content, other == text else { continue }
                    report(flavor, text, first: earlier.index)
                    break
                }
            }
            return
        }
        var first: [Text: Int] = [:]
        for flavor in flavors {
            guard let text = flavor[keyPath: field].content, !text.isEmpty else { continue }
            if let earlier = first[text] { report(flavor, text, first: earlier) } else { first[text] = flavor.index }
        }
    }

    /// Up to here comparing each pair costs less than a table of hashes, and allocates nothing.
    private static let comparedDirectly = 16
}
