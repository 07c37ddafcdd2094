import KubernetesTypes
package import RegionAPI

/// What is being done to an object (upstream: `admission/v1.Operation`).
package enum Operation: String, Sendable {
    case create = "CREATE"
    case update = "UPDATE"
    case delete = "DELETE"
    case connect = "CONNECT"
}

/// What the rules about one Region see.
package struct RegionReview {
    package let region: Region
    /// The version that is being replaced, on UPDATE.
    package let old: Region?
    let settings: PolicySettings

    /// The namespace the object lies in, or nil where it is not said.
    var namespace: Text? { region.metadata.namespace.content }
}

/// What the rules about one Node see.
package struct NodeReview {
    package let node: Node
    /// The version that is being replaced, on UPDATE.
    package let old: Node?
    let settings: PolicySettings
}

/// What the rules about more than one object see besides the object.
package struct Surroundings: Sendable {
    package let inventory: Inventory
    /// Seconds since 1970, UTC. Rules read no clock.
    package let now: Int64
    /// A dry run decides nothing about a Secret: GitOps tools apply nothing when one object of a stage fails.
    package let isDryRun: Bool
    package let settings: PolicySettings

    package init(inventory: Inventory, now: Int64, isDryRun: Bool, settings: PolicySettings) {
        self.inventory = inventory
        self.now = now
        self.isDryRun = isDryRun
        self.settings = settings
    }
}

/// What an update changes in a Region, for the rules that compare it with other objects.
package struct RegionChange: Sendable {
    /// The version that is being replaced; nil on CREATE, and for an object that is judged as it stands.
    package let old: RegionRecord?

    /// Whether the class id is one that the old version did not declare.
    func isNew(id: String) -> Bool {
        guard let old else { return true }
        return !old.flavors.contains { $0.id == id }
    }

    /// Whether the update points the region at another Secret, or there is no update.
    func changesSecret(_ reference: KeyPath<RegionRecord, ObjectName?>, of record: RegionRecord) -> Bool {
        guard let old else { return true }
        return old[keyPath: reference] != record[keyPath: reference]
    }
}
