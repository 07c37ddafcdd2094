import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: a class that some known Region declares. Judged only where any Region is known.
    package static let nodeClassDeclared: Rule = Rule(
        .nodeClassDeclared, .warn, strict: true,
        summary: "Some Region declares the class of a Node.",
        goesWrong: "The Node cannot be consumed.",
        remedy: "Correct the class, or declare a flavor with this id.",
        check: .nodeInventory { record, surroundings, findings in
            guard surroundings.inventory.knowsRegions,
                surroundings.inventory.declaration(of: ClassID(record.nodeClass)) == nil
            else { return }
            findings.report(
                .nodeClassDeclared, .notFound, NodePath.nodeClass, shown: quoted(record.nodeClass),
                "no Region declares this class")
        })
}
