package import KubernetesTypes
import RegionAPI

/// The other objects that rules compare one with: an immutable snapshot, made of files or of a watch cache.
///
/// A copy is one reference. The copy that is changed copies what it changes: see `NodeTable`.
package struct Inventory: Sendable {
    /// Where a class id is declared.
    package struct Declaration: Sendable {
        package let region: ObjectName
        package let flavor: FlavorRecord
    }

    /// What an inventory holds of a cluster.
    package enum Kind: String, CaseIterable, Sendable {
        case regions = "Regions"
        case nodes = "Nodes"
    }

    /// Why the objects of a kind are not known, so that rules about them abstain.
    package struct Gap: Hashable, Sendable {
        /// For people, after "not judged: ": what is not known, and why.
        package let reason: String
        /// It is a matter of time: the first list is under way, or the API server cannot be reached. Otherwise somebody
        /// has to do something: the list is forbidden, the resource does not exist.
        package let isPassing: Bool

        package init(reason: String, isPassing: Bool) {
            self.reason = reason
            self.isPassing = isPassing
        }
    }

    private struct Contents: Sendable {
        var regions = RegionTable()
        var nodes = NodeTable()
        var secrets: [ObjectName: SecretRecord] = [:]
        var isComplete = false
        var gaps: [Kind: Gap] = [:]
    }

    private final class Storage: Sendable {
        /// Changed only while one inventory alone has a reference.
        nonisolated(unsafe) var contents: Contents

        init(_ contents: Contents) { self.contents = contents }
    }

    private var storage = Storage(Contents())

    private var contents: Contents { storage.contents }

    package init() {}

    private mutating func change<Answer>(_ body: (inout Contents) -> Answer) -> Answer {
        if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.contents) }
        return body(&storage.contents)
    }

    /// Adds a Region. One of the same name, which is the same object, is replaced.
    package mutating func add(_ record: RegionRecord) { change { $0.regions.add(record) } }

    /// Adds a Node that has a class. One of the same name is replaced.
    package mutating func add(_ record: NodeRecord) { change { $0.nodes.add(record) } }

    package mutating func add(_ record: SecretRecord) { change { $0.secrets[record.object] = record } }

    package mutating func remove(region: ObjectName) { change { $0.regions.remove(region) } }
    package mutating func remove(node: String) { change { $0.nodes.remove(node) } }

    /// Gives flavors of its Regions what they lack and its Nodes say. For Regions as they stand in files; what a cluster
    /// holds got its defaults when it was written.
    package mutating func applyDefaultsFromNodes() {
        guard knowsNodes else { return }
        var defaulted: [RegionRecord] = []
        forEachRegion { defaulted.append($0.defaulted(by: self)) }
        for record in defaulted { add(record) }
    }

    /// Whether what is not here does not exist (`--complete`); otherwise a Secret may lie where nobody looked.
    package var isComplete: Bool {
        get { contents.isComplete }
        set { change { $0.isComplete = newValue } }
    }

    /// Why the objects of a kind are not known; nil where they are.
    package func gap(_ kind: Kind) -> Gap? { contents.gaps[kind] }
    package var hasGaps: Bool { !contents.gaps.isEmpty }

    /// Says that the objects of a kind are not known, or, with nil, that they are. With a gap there are none.
    package mutating func set(_ gap: Gap?, for kind: Kind) {
        change { contents in
            contents.gaps[kind] = gap
            guard gap != nil else { return }
            switch kind {
            case .regions: contents.regions = RegionTable()
            case .nodes: contents.nodes = NodeTable()
            }
        }
    }

    /// Takes over the objects of a kind, and that they are known or not, from another inventory. Costs one reference.
    package mutating func take(_ kind: Kind, from other: Inventory) {
        let source = other.storage.contents
        change { contents in
            contents.gaps[kind] = source.gaps[kind]
            switch kind {
            case .regions: contents.regions = source.regions
            case .nodes: contents.nodes = source.nodes
            }
        }
    }

    package var isEmpty: Bool {
        contents.regions.count == 0 && contents.nodes.count == 0 && contents.secrets.isEmpty && !isComplete
    }

    package var knowsRegions: Bool { contents.regions.count > 0 }
    package var knowsNodes: Bool { contents.nodes.count > 0 }
    package var regionCount: Int { contents.regions.count }
    package var nodeCount: Int { contents.nodes.count }
    package var secrets: [ObjectName: SecretRecord] { contents.secrets }

    /// Every Region, in no order.
    package func forEachRegion(_ body: (RegionRecord) -> Void) { contents.regions.forEach(body) }

    /// Every Node that has a class, in no order.
    package func forEachNode(_ body: (NodeRecord) -> Void) { contents.nodes.forEach(body) }

    /// A Region by its name.
    package func region(_ object: ObjectName) -> RegionRecord? { contents.regions.region(object) }

    /// Where else an id is declared than in the Region of that name; of several places the first by name.
    package func declaration(of id: ClassID, otherThan object: ObjectName? = nil) -> Declaration? {
        contents.regions.declaration(of: id, otherThan: object)
    }

    /// Another Region with a display name; of several the first by name.
    func region(named displayName: String, otherThan object: ObjectName) -> ObjectName? {
        contents.regions.region(named: displayName, otherThan: object)
    }

    /// A Secret. Offline, an object without a namespace may be applied into any (`kubectl -n`).
    func secret(_ object: ObjectName) -> SecretRecord? {
        secrets[object] ?? secrets[ObjectName(namespace: "", name: object.name)]
            ?? (object.namespace.isEmpty
                ? secrets.values.lazy.filter { $0.object.name == object.name }.min { $0.object < $1.object } : nil)
    }

    /// How many Nodes carry a class.
    func nodeCount(of nodeClass: String) -> Int { contents.nodes.count(of: nodeClass) }

    /// What machines the Nodes of a class are, each once, in no order.
    func machines(of nodeClass: String) -> [Machine] { contents.nodes.machines(of: nodeClass) }

    /// The machine that most of the other Nodes of a class are, and one of those Nodes.
    func usualMachine(of nodeClass: String, otherThan node: String) -> (machine: Machine, node: String)? {
        contents.nodes.usualMachine(of: nodeClass, otherThan: node)
    }

    /// Another Node that carries the class, the first by name.
    func node(of nodeClass: String, otherThan node: String) -> String? {
        contents.nodes.node(of: nodeClass, otherThan: node)
    }
}
