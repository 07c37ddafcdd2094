import KubernetesTypes
import RegionAPI

/// A rule that has something to judge and cannot, for want of the objects it compares with.
package struct Abstention: Sendable {
    package let rule: Rule
    package let gap: Inventory.Gap
    /// The rule could refuse the request.
    package let canDeny: Bool
    let path: FieldPath

    /// The request should be sent again: what the rule needs will be known soon. A rule that only warns keeps nobody waiting.
    package var isWorthRetrying: Bool { canDeny && gap.isPassing }
}

extension Rule {
    /// What other objects a rule compares with, if any that a cluster is watched for.
    package var comparesWith: Inventory.Kind? {
        switch id {
        case .nodeIDUnique, .regionDisplayNameUnique, .nodeClassDeclared, .nodeClassMatchesFlavor: .regions
        case .nodeIDRemoved, .regionDeleteInUse, .nodeClassUniform, .nodeClassExclusive: .nodes
        default: nil
        }
    }
}

extension Policy {
    /// The rules that would judge this request and cannot. Only for an inventory with gaps.
    package func abstentions(_ review: ObjectReview, in inventory: Inventory) -> [Abstention] {
        switch (review.kind, review.operation, review.object, review.oldObject) {
        case (.region, .create, let object?, _): region(object, old: nil, review, inventory)
        case (.region, .update, let object?, let old): region(object, old: old, review, inventory)
        case (.region, .delete, _, let old?): deletion(of: Region(old), inventory)
        case (.node, .create, let object?, _): node(Node(object), old: nil, review, inventory)
        case (.node, .update, let object?, let old): node(Node(object), old: old.map { Node($0) }, review, inventory)
        default: []
        }
    }

    /// What a request is told of the rules that abstain, a warning each.
    package func findings(about abstentions: [Abstention]) -> [Finding] {
        var findings = Findings(settings)
        for abstention in abstentions {
            findings.report(
                abstention.rule, .invalid, abstention.path, shown: nil, "not judged: \(abstention.gap.reason)",
                atMost: .warn)
        }
        return findings.list
    }

    private func region(
        _ object: Value, old: Value?, _ review: ObjectReview, _ inventory: Inventory
    ) -> [Abstention] {
        let region = Region(object)
        let namespace = review.namespace ?? ""
        if let old, !region.differs(from: Region(old)) { return [] }
        let record = RegionRecord(region, namespace: namespace)
        let change = RegionChange(old: old.map { RegionRecord(Region($0), namespace: namespace) })
        var rules: [(Rule, FieldPath)] = []
        if record.flavors.contains(where: { !$0.id.isEmpty && change.isNew(id: $0.id) }) {
            rules.append((.nodeIDUnique, RegionPath.nodes))
        }
        // An object on its way out is judged by that rule alone.
        if region.metadata.isBeingDeleted, old != nil { return list(rules, inventory) }
        if let name = record.displayName, name != change.old?.displayName {
            rules.append((.regionDisplayNameUnique, RegionPath.displayName))
        }
        if let old = change.old,
            old.flavors.contains(where: { flavor in
                !flavor.id.isEmpty && !record.flavors.contains { $0.id == flavor.id && $0.isSameSize(as: flavor) }
            })
        {
            rules.append((.nodeIDRemoved, RegionPath.nodes))
        }
        return list(rules, inventory)
    }

    private func deletion(of region: Region, _ inventory: Inventory) -> [Abstention] {
        let hasClasses = RegionRecord(region).flavors.contains { !$0.id.isEmpty }
        return hasClasses ? list([(.regionDeleteInUse, RegionPath.nodes)], inventory, atMost: .warn) : []
    }

    private func node(
        _ node: Node, old: Node?, _ review: ObjectReview, _ inventory: Inventory
    ) -> [Abstention] {
        if old != nil, node.metadata.isBeingDeleted { return [] }
        guard node.changesClass(from: old), let record = NodeRecord(node),
            record.nodeClass.withText({ UUIDKey(canonical: $0) }) != nil
        else { return [] }
        let rules: [Rule] = [.nodeClassUniform, .nodeClassDeclared, .nodeClassMatchesFlavor, .nodeClassExclusive]
        return list(
            rules.map { ($0, NodePath.nodeClass) }, inventory, atMost: review.isKubelet ? .warn : .deny)
    }

    private func list(
        _ rules: [(Rule, FieldPath)], _ inventory: Inventory, atMost limit: Severity = .deny
    ) -> [Abstention] {
        rules.compactMap { rule, path in
            guard let severity = settings.severity(of: rule, nil), let kind = rule.comparesWith,
                let gap = inventory.gap(kind)
            else { return nil }
            return Abstention(rule: rule, gap: gap, canDeny: min(severity, limit) == .deny, path: path)
        }
    }
}
