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
        if flavors.count <= comparedDirectly, !mayRepeat(text, in: flavors) { return }
        var first: [Text: Int] = [:]
        for flavor in flavors {
            guard let text = text(flavor), !text.isEmpty else { continue }
            if let earlier = first[text] { report(flavor, text, first: earlier) } else { first[text] = flavor.index }
        }
    }

    /// Whether two of a few flavors have texts of the same mark: false is certain.
    private static func mayRepeat(_ text: (Flavor) -> Text?, in flavors: [Flavor]) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: comparedDirectly) { marks in
            var count = 0
            for flavor in flavors {
                guard let mark = text(flavor)?.mark, count < marks.count else { continue }
                for earlier in 0..<count where marks[earlier] == mark { return true }
                marks.initializeElement(at: count, to: mark)
                count += 1
            }
            return false
        }
    }

    /// Up to here comparing each pair costs less than a table of hashes, and allocates nothing.
    private static var comparedDirectly: Int { 16 }
}
