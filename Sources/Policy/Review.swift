package import KubernetesTypes
package import RegionAPI

/// What is being done to an object (upstream: `admission/v1.Operation`).
package enum Operation: String, Sendable {
    case create = "CREATE"
    case update = "UPDATE"
    case delete = "DELETE"
    case connect = "CONNECT"
}

/// What is done to one object, before it is decoded.
package struct ObjectReview {
    /// The kinds that have rules.
    package enum Kind: String, Sendable {
        case region = "Region"
        case node = "Node"
    }

    package var kind: Kind
    package var operation: Operation
    /// The new version, on CREATE and UPDATE.
    package var object: Value?
    /// The old version, on UPDATE and DELETE.
    package var oldObject: Value?
    /// The namespace of the request, where the object does not say its own.
    package var namespace: String?
    /// Whether a kubelet asks (group `system:nodes`).
    package var isKubelet = false

    package init(kind: Kind, operation: Operation, object: Value?, oldObject: Value? = nil) {
        self.kind = kind
        self.operation = operation
        self.object = object
        self.oldObject = oldObject
    }
}

/// What the rules about one Region see. A class, for it is handed to each of them and a Region is large.
package final class RegionReview {
    package let region: Region
    /// The version that is being replaced, on UPDATE.
    package let old: Region?
    let settings: PolicySettings
    /// The flavors of the old version.
    let oldFlavors: ElementsByID<Flavor>
    let oldOpenstackFlavors: ElementsByID<OpenstackFlavor>

    init(region: Region, old: Region?, settings: PolicySettings) {
        self.region = region
        self.old = old
        self.settings = settings
        oldFlavors = ElementsByID(old?.flavors ?? []) { $0.id.content }
        oldOpenstackFlavors = ElementsByID(old?.openstackFlavors ?? []) { $0.id.content }
    }

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
    /// What was found out about Secrets for this review; others may be in the inventory.
    package var secrets: [ObjectName: SecretState] = [:]
    package var uniqueness = Uniqueness.inventory

    package init(inventory: Inventory, now: Int64, isDryRun: Bool, settings: PolicySettings) {
        self.inventory = inventory
        self.now = now
        self.isDryRun = isDryRun
        self.settings = settings
    }

    /// The heaviest that a finding of a rule that reads a Secret can be.
    var secretLimit: Severity { isDryRun ? .warn : .deny }
}

/// What an update changes in a Region, for the rules that compare it with other objects.
package struct RegionChange: Sendable {
    /// The version that is being replaced; nil on CREATE, and for an object that is judged as it stands.
    package let old: RegionRecord?
    private let oldIDs: Set<ClassID>

    package init(old: RegionRecord?) {
        self.old = old
        oldIDs = Set(old?.flavors.map(\.id) ?? [])
    }

    /// Whether the class id is one that the old version did not declare.
    func isNew(id: ClassID) -> Bool { !oldIDs.contains(id) }

    /// Whether the update points the region at another Secret, or there is no update.
    func changesSecret(_ reference: KeyPath<RegionRecord, ObjectName?>, of record: RegionRecord) -> Bool {
        guard let old else { return true }
        return old[keyPath: reference] != record[keyPath: reference]
    }
}
