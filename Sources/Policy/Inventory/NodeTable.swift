import RegionAPI

/// The Nodes of an inventory: by name, and by class and machine.
///
/// A copy costs one reference for each part; to change a Node in a copy, while another is being read, copies the parts
/// that the Node is in (of 100,000 Nodes some 600) and leaves the others shared. Equal classes and machines are kept once.
struct NodeTable: Sendable {
    /// A machine that many Nodes share.
    private final class SharedMachine: Hashable, Sendable {
        let machine: Machine

        init(_ machine: Machine) { self.machine = machine }

        static func == (left: SharedMachine, right: SharedMachine) -> Bool {
            left === right || left.machine == right.machine
        }

        func hash(into hasher: inout Hasher) { hasher.combine(machine) }
    }

    private struct Entry: Sendable {
        let nodeClass: String
        let machine: SharedMachine
    }

    /// The Nodes of one class by what machine they are, so that a class of thousands compares as one.
    private struct ClassNodes: Sendable {
        var groups: [SharedMachine: SortedNames] = [:]
        var count = 0
    }

    /// Parts of either table. A power of two; with 100,000 Nodes a part has some 400, and copying it takes microseconds.
    private static let partCount = 256

    private var nodes: [[String: Entry]] = []
    private var classes: [[String: ClassNodes]] = []
    /// The Nodes that run the control plane: few, so that the others need not say that they do not.
    private var controlPlane: Set<String> = []
    private(set) var count = 0

    init() {}

    private static func part(_ key: String) -> Int { Int(truncatingIfNeeded: key.hashValue) & (partCount - 1) }

    private func entry(_ name: String) -> Entry? {
        count > 0 ? nodes[Self.part(name)][name] : nil
    }

    private func nodes(of nodeClass: String) -> ClassNodes? {
        count > 0 ? classes[Self.part(nodeClass)][nodeClass] : nil
    }

    /// Adds a Node, in place of the one of its name. Does nothing where nothing changes.
    mutating func add(_ record: NodeRecord) {
        if count == 0, nodes.isEmpty {
            nodes = Array(repeating: [:], count: Self.partCount)
            classes = nodes.map { _ in [:] }
        }
        if record.isControlPlane {
            controlPlane.insert(record.name)
        } else if !controlPlane.isEmpty {
            controlPlane.remove(record.name)
        }
        if let old = entry(record.name) {
            if old.nodeClass == record.nodeClass, old.machine.machine == record.machine { return }
            removeEntry(of: record.name)
        }
        let part = Self.part(record.nodeClass)
        let machine = SharedMachine(record.machine)
        // The strings and the machine that are there already, so that they are there once.
        let (nodeClass, shared) = interned(record.nodeClass, machine, part)
        classes[part][nodeClass, default: ClassNodes()].groups[shared, default: SortedNames()].insert(record.name)
        classes[part][nodeClass]?.count += 1
        nodes[Self.part(record.name)][record.name] = Entry(nodeClass: nodeClass, machine: shared)
        count += 1
    }

    private func interned(_ nodeClass: String, _ machine: SharedMachine, _ part: Int) -> (String, SharedMachine) {
        guard let index = classes[part].index(forKey: nodeClass) else { return (nodeClass, machine) }
        let (key, value) = classes[part][index]
        guard let group = value.groups.index(forKey: machine) else { return (key, machine) }
        return (key, value.groups[group].key)
    }

    mutating func remove(_ name: String) {
        if !controlPlane.isEmpty { controlPlane.remove(name) }
        removeEntry(of: name)
    }

    private mutating func removeEntry(of name: String) {
        guard let old = entry(name) else { return }
        nodes[Self.part(name)][name] = nil
        count -= 1
        let part = Self.part(old.nodeClass)
        classes[part][old.nodeClass]?.groups[old.machine]?.remove(name)
        classes[part][old.nodeClass]?.count -= 1
        if classes[part][old.nodeClass]?.count == 0 {
            classes[part][old.nodeClass] = nil
        } else if classes[part][old.nodeClass]?.groups[old.machine]?.count == 0 {
            classes[part][old.nodeClass]?.groups[old.machine] = nil
        }
    }

    /// Every Node, in no order.
    func forEach(_ body: (NodeRecord) -> Void) {
        for part in nodes {
            for (name, entry) in part {
                body(
                    NodeRecord(
                        name: name, nodeClass: entry.nodeClass, machine: entry.machine.machine,
                        isControlPlane: controlPlane.contains(name)))
            }
        }
    }

    /// How many Nodes carry a class.
    func count(of nodeClass: String) -> Int { nodes(of: nodeClass)?.count ?? 0 }

    /// What machines the Nodes of a class are, each once, in no order.
    func machines(of nodeClass: String) -> [Machine] { nodes(of: nodeClass)?.groups.keys.map(\.machine) ?? [] }

    /// The machine that most of the other Nodes of a class are, and one of those Nodes.
    func usualMachine(of nodeClass: String, otherThan node: String) -> (machine: Machine, node: String)? {
        let own = entry(node).flatMap { $0.nodeClass == nodeClass ? $0.machine : nil }
        var best: (machine: Machine, node: String, count: Int)?
        for (machine, names) in nodes(of: nodeClass)?.groups ?? [:] {
            let count = names.count - (machine == own ? 1 : 0)
            guard count > 0, count >= best?.count ?? 0, let first = names.first(otherThan: node) else { continue }
            // Of as many of either kind, the one with the first name: the order of a dictionary is chance.
            if let best, best.count == count, best.node < first { continue }
            best = (machine.machine, first, count)
        }
        return best.map { ($0.machine, $0.node) }
    }

    /// Another Node that carries the class, the first by name.
    func node(of nodeClass: String, otherThan node: String) -> String? {
        (nodes(of: nodeClass)?.groups ?? [:]).values.lazy.compactMap { $0.first(otherThan: node) }.min()
    }
}
