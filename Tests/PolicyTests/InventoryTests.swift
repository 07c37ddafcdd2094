import KubernetesTypes
import Policy
import RegionAPI
import TestSupport
import Testing

@Suite struct InventoryTests {
    private static let first = "e71f2dd2-0bc9-4601-8f3b-9696a1fa90a7"
    private static let nodeClass = RegionText.id(1)

    private func judge(
        _ cpus: Int?, _ memory: String? = nil, more: String = "", name: String = "judged", in inventory: Inventory
    ) throws -> [String] {
        let node = NodeText.node(name, class: Self.nodeClass, cpus: cpus, memory: memory, more: more)
        return try Judge.create(node: node, inventory: inventory).summaries
    }

    private let uniform = " node-class-uniform metadata.labels[kubernetes.region.unikorn-cloud.org/node-class]"

    @Test func aRegionOfTheSameNameReplaces() throws {
        var inventory = Inventory()
        try inventory.add(region: RegionText.region([RegionText.flavor(1)], name: Self.first))
        let own = RegionText.region([RegionText.flavor(1)])
        #expect(
            try Judge.create(region: own, inventory: inventory).summaries == [
                "warn region-display-name-unique metadata.labels[unikorn-cloud.org/name]",
                "deny node-id-unique spec.kubernetes.nodes[0].id",
            ])
        try inventory.add(
            region: RegionText.region([RegionText.flavor(2)], name: Self.first, displayName: "de-central-1"))
        #expect(try Judge.create(region: own, inventory: inventory).isEmpty)
        let object = ObjectName(namespace: "unikorn-region", name: Self.first)
        #expect(inventory.region(object)?.displayName == "de-central-1")
    }

    @Test func regionsOfOneNameInTwoNamespacesAreTwo() throws {
        var inventory = Inventory()
        try inventory.add(region: RegionText.region([RegionText.flavor(1)], namespace: "elsewhere"))
        let own = RegionText.region([RegionText.flavor(1)])
        let finding = try #require(
            try Judge.create(region: own, inventory: inventory).first { $0.rule == .nodeIDUnique })
        #expect(finding.detail.contains("\"elsewhere/\(RegionText.name)\""))
        #expect(finding.related?.object.namespace == "elsewhere")
    }

    @Test func aNodeOfTheSameNameReplaces() throws {
        var inventory = Inventory()
        try inventory.add(node: "worker-0", class: Self.nodeClass, cpus: 2)
        #expect(try judge(4, in: inventory) == ["deny" + uniform])
        try inventory.add(node: "worker-0", class: Self.nodeClass, cpus: 4)
        #expect(try judge(4, in: inventory).isEmpty)
        try inventory.add(node: "worker-0", class: RegionText.id(2), cpus: 2)
        #expect(try judge(2, in: inventory).isEmpty)
        #expect(inventory.knowsNodes)
    }

    @Test func aNodeIsNotComparedWithItself() throws {
        var inventory = Inventory()
        try inventory.add(node: "judged", class: Self.nodeClass, cpus: 2)
        #expect(try judge(4, in: inventory).isEmpty)
    }

    @Test func theMajorityIsTheMachine() throws {
        var inventory = Inventory()
        try inventory.add(node: "a", class: Self.nodeClass, cpus: 4)
        try inventory.add(node: "b", class: Self.nodeClass, cpus: 2)
        try inventory.add(node: "c", class: Self.nodeClass, cpus: 2)
        #expect(try judge(2, in: inventory).isEmpty)
        #expect(try judge(4, in: inventory) == ["deny" + uniform])
    }

    /// Of as many machines of either kind, the one that holds the first Node by name.
    @Test func aTieIsDecidedByName() throws {
        for order in [["a", "b"], ["b", "a"]] {
            var inventory = Inventory()
            for name in order { try inventory.add(node: name, class: Self.nodeClass, cpus: name == "a" ? 2 : 4) }
            #expect(try judge(2, in: inventory).isEmpty)
            #expect(try judge(4, in: inventory) == ["deny" + uniform])
        }
    }

    @Test(arguments: [
        ("1000Mi", "1000Mi", true), ("1000Mi", "980Mi", true), ("980Mi", "1000Mi", true), ("1000Mi", "979Mi", false),
        ("979Mi", "1000Mi", false),
    ]) func twoPercentOfMemory(_ own: String, _ other: String, _ isSame: Bool) throws {
        var inventory = Inventory()
        try inventory.add(node: "worker-0", class: Self.nodeClass, cpus: 2, memory: other)
        #expect(try judge(2, own, in: inventory) == (isSame ? [] : ["warn" + uniform]))
    }

    @Test func whatIsUnknownDoesNotDiffer() throws {
        var inventory = Inventory()
        try inventory.add(node: "worker-0", class: Self.nodeClass)
        #expect(try judge(2, "4Gi", more: #""nvidia.com/gpu":"8""#, in: inventory).isEmpty)
        try inventory.add(node: "worker-0", class: Self.nodeClass, cpus: 2, more: #""nvidia.com/gpu":"0""#)
        #expect(try judge(2, more: #""nvidia.com/gpu":"8""#, in: inventory).isEmpty)
        #expect(try judge(2, more: #""nvidia.com/gpu":"banana""#, in: inventory).isEmpty)
    }

    @Test func aDeletedRegionCountsItsNodes() throws {
        var inventory = Inventory()
        for name in ["a", "b"] { try inventory.add(node: name, class: Self.nodeClass, cpus: 2) }
        try inventory.add(node: "none", class: "")
        let policy = Policy(.forTests)
        let json = RegionText.region([
            RegionText.flavor(1), RegionText.flavor(2), RegionText.flavor(3, id: .some(nil)),
        ])
        let findings = try ParsedJSON(json).read { root in
            policy.judge(
                ObjectReview(kind: .region, operation: .delete, object: nil, oldObject: root),
                surroundings: Surroundings(
                    inventory: inventory, now: Placeholders.now, isDryRun: false, settings: policy.settings))
        }
        #expect(
            findings.map(\.message) == [
                "(flavor \"flavor-1\") 2 Nodes carry this class [region-delete-in-use]"
            ])
    }

    @Test func largeInventoriesStayFast() throws {
        var inventory = Inventory()
        for number in 0..<2_000 {
            try inventory.add(node: "worker-\(number)", class: Self.nodeClass, cpus: 2, memory: "4Gi")
        }
        let (findings, time) = try CPUTime.measure { try (0..<20).map { _ in try judge(4, "4Gi", in: inventory) } }
        #expect(findings.allSatisfy { $0 == ["deny" + uniform] })
        #expect(time < .seconds(2))
    }
}
