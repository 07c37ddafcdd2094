package import Policy
import KubernetesTypes

/// Judges objects written as JSON.
package enum Judge {
    package static func create(
        region json: String, _ settings: PolicySettings = .forTests, inventory: Inventory = Inventory()
    ) throws -> [Finding] {
        try judge(.region, .create, json, nil, settings, inventory)
    }

    package static func update(
        region json: String, from old: String, _ settings: PolicySettings = .forTests,
        inventory: Inventory = Inventory()
    ) throws -> [Finding] {
        try judge(.region, .update, json, old, settings, inventory)
    }

    package static func create(
        node json: String, _ settings: PolicySettings = .forTests, inventory: Inventory = Inventory()
    ) throws -> [Finding] {
        try judge(.node, .create, json, nil, settings, inventory)
    }

    private static func judge(
        _ kind: ObjectReview.Kind, _ operation: Operation, _ json: String, _ old: String?, _ settings: PolicySettings,
        _ inventory: Inventory
    ) throws -> [Finding] {
        let object = try ParsedJSON(json)
        let oldObject = try old.map { try ParsedJSON($0) }
        return withExtendedLifetime((object, oldObject)) {
            let review = ObjectReview(
                kind: kind, operation: operation, object: object.root, oldObject: oldObject?.root)
            let surroundings = Surroundings(
                inventory: inventory, now: Placeholders.now, isDryRun: false, settings: settings)
            return Policy(settings).judge(review, surroundings: surroundings)
        }
    }
}

extension [Finding] {
    /// `deny memory spec.kubernetes.nodes[0].memory`: what tests compare.
    package var summaries: [String] { map { "\($0.severity.rawValue) \($0.rule.rawValue) \($0.path)" } }
}
