package import KubernetesTypes
import RegionAPI

/// The other objects that rules compare one with: an immutable snapshot, made of files or of a watch cache.
package struct Inventory: Sendable {
    /// Where a class id is declared.
    package struct Declaration: Sendable {
        package let region: ObjectName
        package let flavor: FlavorRecord
    }

    /// All Regions; nil where one was replaced by a newer version.
    private var records: [RegionRecord?] = []
    private var indices: [ObjectName: Int] = [:]
    private var declarations = FirstAndMore<ClassID, FlavorIndex>()
    private var displayNames = FirstAndMore<String, Int>()
    package private(set) var secrets: [ObjectName: SecretRecord] = [:]

    /// A flavor, by its Region's place in `records` and its own in the Region's list.
    private struct FlavorIndex {
        let region: Int
        let flavor: Int
    }

    private var nodes: [String: NodeRecord] = [:]
    /// The Nodes of each class by what machine they are, so that a class of thousands compares as one.
    private var classes: [String: [Machine: Set<String>]] = [:]

    /// Whether what is not here does not exist (`--complete`); otherwise a Secret may lie where nobody looked.
    package var isComplete = false

    package init() {}

    /// Adds a Region. One of the same name, which is the same object, is replaced.
    package mutating func add(_ record: RegionRecord) {
        let index = records.count
        if let old = indices.updateValue(index, forKey: record.object) { records[old] = nil }
        records.append(record)
        for (position, flavor) in record.flavors.enumerated() where !flavor.id.isEmpty {
            declarations.add(FlavorIndex(region: index, flavor: position), of: flavor.id)
        }
        if let name = record.displayName { displayNames.add(index, of: name) }
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

    package var isEmpty: Bool { indices.isEmpty && nodes.isEmpty && secrets.isEmpty && !isComplete }
    package var knowsRegions: Bool { !indices.isEmpty }
    package var knowsNodes: Bool { !nodes.isEmpty }

    /// A Region by its name.
    package func region(_ object: ObjectName) -> RegionRecord? { indices[object].flatMap { records[$0] } }

    /// Where else an id is declared than in the Region of that name; of several places the first by name.
    func declaration(of id: ClassID, otherThan object: ObjectName? = nil) -> Declaration? {
        var found: Declaration?
        for index in declarations[id] {
            guard let record = records[index.region], record.object != object else { continue }
            if let best = found, best.region < record.object { continue }
            found = Declaration(region: record.object, flavor: record.flavors[index.flavor])
        }
        return found
    }

    /// Another Region with a display name; of several the first by name.
    func region(named displayName: String, otherThan object: ObjectName) -> ObjectName? {
        displayNames[displayName].lazy.compactMap { records[$0]?.object }.filter { $0 != object }.min()
    }

    /// A Secret. Offline, an object without a namespace may be applied into any (`kubectl -n`).
    func secret(_ object: ObjectName) -> SecretRecord? {
        secrets[object] ?? secrets[ObjectName(namespace: "", name: object.name)]
            ?? (object.namespace.isEmpty
                ? secrets.values.lazy.filter { $0.object.name == object.name }.min { $0.object < $1.object } : nil)
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
            guard count > 0, count >= best?.count ?? 0, let first = names.lazy.filter({ $0 != node }).min() else {
                continue
            }
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

/// A dictionary of lists that hold one element nearly always, which then costs no list.
private struct FirstAndMore<Key: Hashable & Sendable, Element: Sendable>: Sendable {
    private var first: [Key: Element] = [:]
    private var more: [Key: [Element]] = [:]

    mutating func add(_ element: Element, of key: Key) {
        if first[key] == nil { first[key] = element } else { more[key, default: []].append(element) }
    }

    subscript(key: Key) -> [Element] {
        guard let element = first[key] else { return [] }
        return [element] + (more[key] ?? [])
    }
}
