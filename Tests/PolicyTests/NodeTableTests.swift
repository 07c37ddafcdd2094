import KubernetesTypes
import RegionAPI
import TestSupport
import Testing

@testable import Policy

@Suite struct NodeTableTests {
    /// As `NodeTable`, the plain way.
    private struct Model {
        var nodes: [String: NodeRecord] = [:]

        func usual(_ nodeClass: String, _ node: String) -> (machine: Machine, node: String)? {
            var groups: [Machine: [String]] = [:]
            for record in nodes.values where record.nodeClass == nodeClass && record.name != node {
                groups[record.machine, default: []].append(record.name)
            }
            let best = groups.map { (machine: $0.key, count: $0.value.count, node: $0.value.min() ?? "") }
                .min { ($1.count, $0.node) < ($0.count, $1.node) }
            return best.map { ($0.machine, $0.node) }
        }
    }

    private static func machine(_ cpus: Int) throws -> Machine {
        try ParsedJSON(NodeText.node("any", class: "any", cpus: cpus)).read { Node($0).machine }
    }

    /// Any sequence of changes leaves what the plain way leaves, in the copy that is changed and in those that are not.
    @Test func itIsWhatTheModelIs() throws {
        let machines = try (1...3).map { try Self.machine($0) }
        var random = SeededGenerator(seed: 20)
        var table = NodeTable()
        var model = Model()
        var copies: [(NodeTable, Model)] = []
        for step in 0..<6_000 {
            let name = "node-\(Int.random(in: 0..<700, using: &random))"
            if Int.random(in: 0..<3, using: &random) == 0 {
                table.remove(name)
                model.nodes[name] = nil
            } else {
                let record = NodeRecord(
                    name: name, nodeClass: "class-\(Int.random(in: 0..<3, using: &random))",
                    machine: machines[Int.random(in: 0..<3, using: &random)])
                table.add(record)
                model.nodes[name] = record
            }
            if step % 1_500 == 700 { copies.append((table, model)) }
        }
        for (table, model) in copies + [(table, model)] {
            #expect(table.count == model.nodes.count)
            var all: [String: NodeRecord] = [:]
            table.forEach { all[$0.name] = $0 }
            #expect(all == model.nodes)
            for nodeClass in ["class-0", "class-1", "class-2", "class-9"] {
                let members = model.nodes.values.filter { $0.nodeClass == nodeClass }.map(\.name)
                #expect(table.count(of: nodeClass) == members.count)
                for node in ["node-0", "node-1", "node-10", "other"] + members.sorted().prefix(3) {
                    let (mine, expected) = (
                        table.usualMachine(of: nodeClass, otherThan: node), model.usual(nodeClass, node)
                    )
                    #expect(mine?.machine == expected?.machine && mine?.node == expected?.node)
                    #expect(table.node(of: nodeClass, otherThan: node) == members.filter { $0 != node }.min())
                }
            }
        }
    }

    @Test func namesStayInOrder() {
        var names = SortedNames()
        var model: Set<String> = []
        var random = SeededGenerator(seed: 3)
        #expect(names.first(otherThan: "x") == nil)
        for _ in 0..<5_000 {
            let name = "n\(Int.random(in: 0..<1_200, using: &random))"
            if Int.random(in: 0..<5, using: &random) < 2 {
                names.remove(name)
                model.remove(name)
            } else {
                names.insert(name)
                model.insert(name)
            }
            #expect(names.count == model.count)
        }
        var left = model.sorted()
        while let first = left.first {
            #expect(names.first(otherThan: "") == first)
            #expect(names.first(otherThan: first) == left.dropFirst().first)
            names.remove(first)
            left.removeFirst()
        }
        #expect(names.count == 0)
    }

    /// Regions that are replaced again and again leave nothing behind.
    @Test func aRegionThatGoesLeavesNothing() throws {
        var inventory = Inventory()
        try inventory.add(region: RegionText.region([RegionText.flavor(1)]))
        try inventory.add(region: RegionText.region([RegionText.flavor(1), RegionText.flavor(2)], namespace: "b"))
        let (first, second) = (
            ObjectName(namespace: "unikorn-region", name: RegionText.name),
            ObjectName(namespace: "b", name: RegionText.name)
        )
        let id = ClassID(RegionText.id(1))
        #expect(inventory.declaration(of: id, otherThan: first)?.region == second)
        let copy = inventory
        inventory.remove(region: second)
        #expect(inventory.declaration(of: id, otherThan: first) == nil)
        #expect(inventory.declaration(of: id)?.region == first)
        #expect(inventory.regionCount == 1)
        inventory.remove(region: first)
        inventory.remove(region: first)
        #expect(inventory.isEmpty && !inventory.knowsRegions)
        #expect(copy.regionCount == 2 && copy.declaration(of: id, otherThan: first)?.region == second)
    }
}
