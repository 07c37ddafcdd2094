package import KubernetesTypes
import RegionAPI

/// The other objects that rules compare one with: an immutable snapshot, made of files or of a watch cache.
package struct Inventory: Sendable {
    /// Where a class id is declared.
    package struct Declaration: Sendable {
        package let region: ObjectName
        package let flavor: FlavorRecord
    }

    package private(set) var regions: [ObjectName: RegionRecord] = [:]
    package private(set) var secrets: [ObjectName: SecretRecord] = [:]
    private var declarations: [String: [Declaration]] = [:]
    private var displayNames: [String: [ObjectName]] = [:]
    private var nodes: [String: NodeRecord] = [:]
    /// The Nodes of each class by what machine they are, so that a class of thousands compares as one.
    private var classes: [String: [Machine: Set<String>]] = [:]

    /// Whether what is not here does not exist (`--complete`); otherwise a Secret may lie where nobody looked.
    package var isComplete = false

    package init() {}

    /// Adds a Region. One of the same name, which is the same object, is replaced.
    package mutating func add(_ record: RegionRecord) {
        if let old = regions.updateValue(record, forKey: record.object) { forget(old) }
        for flavor in record.flavors where !flavor.id.isEmpty {
            declarations[flavor.id, default: []].append(Declaration(region: record.object, flavor: flavor))
        }
        if let name = record.displayName { displayNames[name, default: []].append(record.object) }
    }

    private mutating func forget(_ record: RegionRecord) {
        for id in Set(record.flavors.map(\.id)) { declarations[id]?.removeAll { $0.region == record.object } }
        if let name = record.displayName { displayNames[name]?.removeAll { $0 == record.object } }
    }

    /// Adds a Node that has a class. One of the same name is replaced.
    package mutating func add(_ record: NodeRecord) {
        if let old = nodes.updateValue(record, forKey: record.name) { forget(old) }
        classes[record.nodeClass, default: [:]][record.machine, default: []].insert(record.name)
    }

    private mutating func forget(_ record: NodeRecord) {
        classes[record.nodeClass]?[record.machine]?.remove(record.name)
    }

    package mutating func add(_ record: SecretRecord) {
        secrets[record.object] = record
    }

    package var isEmpty: Bool { regions.isEmpty && nodes.isEmpty && secrets.isEmpty && !isComplete }
    package var knowsRegions: Bool { !regions.isEmpty }
    package var knowsNodes: Bool { !nodes.isEmpty }

    /// Where else an id is declared than in the Region of that name, in the order of the Regions' names.
    func declarations(of id: String, otherThan object: ObjectName) -> [Declaration] {
        guard let all = declarations[id] else { return [] }
        return all.filter { $0.region != object }.sorted { $0.region < $1.region }
    }

    /// The declaration of a class, the first by name where there are several.
    func declaration(of id: String) -> Declaration? {
        declarations[id]?.min { $0.region < $1.region }
    }

    /// Other Regions with a display name, in order.
    func regions(named displayName: String, otherThan object: ObjectName) -> [ObjectName] {
        (displayNames[displayName] ?? []).filter { $0 != object }.sorted()
    }

    /// How many Nodes carry a class.
    func nodeCount(of nodeClass: String) -> Int {
        classes[nodeClass]?.values.reduce(0) { $0 + $1.count } ?? 0
    }

    /// The machine that most of the other Nodes of a class are, and one of those Nodes.
    func usualMachine(of nodeClass: String, otherThan node: String) -> (machine: Machine, node: String)? {
        var best: (machine: Machine, node: String, count: Int)?
        for (machine, names) in classes[nodeClass] ?? [:] {
            let count = names.count - (names.contains(node) ? 1 : 0)
            guard count > 0, count >= best?.count ?? 0, let first = names.lazy.filter({ $0 != node }).min() else { continue }
            // Of as many of either kind, the one with the first name: the order of a Set is chance.
            if let best, best.count == count, best.node < first { continue }
            best = (machine, first, count)
        }
        return best.map { ($0.machine, $0.node) }
    }

    /// Another Node that carries the class, the first by name.
    func node(of nodeClass: String, otherThan node: String) -> String? {
        (classes[nodeClass] ?? [:]).values.lazy.compactMap { $0.lazy.filter { $0 != node }.min() }.min()
    }
}
