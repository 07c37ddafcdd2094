import KubernetesTypes
import Policy
import RegionAPI
import TestSupport
import Testing

/// Texts as users read them: a few in full, and what none of them may hold.
@Suite struct MessageTests {
    private func line(_ json: String, _ rule: RuleID, inventory: Inventory = Inventory()) throws -> String? {
        try Judge.create(region: json, inventory: inventory).first { $0.rule == rule }?.line
    }

    @Test func snapshots() throws {
        let upper = RegionText.id(0x4be0).uppercased()
        let flavor = { (change: String) in RegionText.region([change]) }
        #expect(
            try line(flavor(RegionText.flavor(7, id: "\"\(upper)\"")), .nodeID) == """
                spec.kubernetes.nodes[0].id (flavor "flavor-7"): Invalid value: "\(upper)": must be a lowercase UUID, \
                write "\(upper.lowercased())" [node-id]
                """)
        #expect(
            try line(flavor(RegionText.flavor(1, cpu: "{}")), .cpuCount) == """
                spec.kubernetes.nodes[0].cpu.count (flavor "flavor-1"): Required value: an integer, 1 to 4096 [cpu-count]
                """)
        #expect(
            try line(flavor(RegionText.flavor(1, memory: "\"4G\"")), .memoryWhole) == """
                spec.kubernetes.nodes[0].memory (flavor "flavor-1"): Invalid value: "4G": is no whole number of GiB: \
                users see 3 [memory-whole]
                """)
        #expect(
            try line(flavor(RegionText.flavor(1, gpu: RegionText.gpu(vendor: "\"nvidia\""))), .gpuVendor) == """
                spec.kubernetes.nodes[0].gpu.vendor (flavor "flavor-1"): Unsupported value: "nvidia": supported values \
                are "NVIDIA", "AMD", write "NVIDIA" [gpu-vendor]
                """)
        #expect(
            try line(flavor(RegionText.flavor(1, cpu: "{\"count\":\"2\"}")), .type) == """
                spec.kubernetes.nodes[0].cpu.count: Invalid value: "2": expected an integer, found a string [type]
                """)
        #expect(
            try line(RegionText.region([RegionText.flavor(1), RegionText.flavor(1)]), .nodeIDDuplicate) == """
                spec.kubernetes.nodes[1].id (flavor "flavor-1"): Duplicate value: "\(RegionText.id(1))": \
                spec.kubernetes.nodes[0] has this id already [node-id-duplicate]
                """)
    }

    @Test func aConflictNamesBothSides() throws {
        var inventory = Inventory()
        let other = "e71f2dd2-0bc9-4601-8f3b-9696a1fa90a7"
        try inventory.add(
            region: RegionText.region([RegionText.flavor(1, name: "\"theirs\"")], name: other, displayName: "b"))
        let json = RegionText.region([RegionText.flavor(1, name: "\"ours\"")])
        #expect(
            try line(json, .nodeIDUnique, inventory: inventory) == """
                spec.kubernetes.nodes[0].id (flavor "ours"): Duplicate value: "\(RegionText.id(1))": Region \
                "unikorn-region/\(other)" declares it, flavor "theirs" [node-id-unique]
                """)
    }

    /// Every message of every fixture: the id last, a field first, nothing that a terminal acts on.
    @Test(arguments: Fixture.rules.filter { !$0.header.isOfflineOnly }) func form(_ fixture: Fixture) throws {
        let world = try FixtureWorld(fixture, readKubeconfig: StandInKubeconfig.facts)
        for finding in try world.findingsOfServer() {
            #expect(finding.line.hasPrefix("\(finding.path)"))
            #expect(finding.line.hasSuffix(" [\(finding.rule.rawValue)]"))
            #expect(finding.message.hasSuffix(" [\(finding.rule.rawValue)]"))
            #expect(finding.line.unicodeScalars.allSatisfy(PrintableText.isSafe))
            #expect(!finding.detail.isEmpty)
            #expect(!finding.line.contains("  "))
        }
    }

    /// Texts of an attacker, or of an accident.
    private static let hostile = [
        "\u{1B}[2J", "a\nb", "a\u{0}b", "\u{202E}gnp", "\u{200B}", "\u{2028}", "\"quoted\"", "back\\slash", "😀",
        "e\u{301}", String(repeating: "x", count: 100_000), String(repeating: "\u{202E}", count: 30_000),
    ]

    @Test(arguments: hostile.indices) func hostileTextIsNeverRaw(_ index: Int) throws {
        let text = Self.hostile[index]
        var quoted: [UInt8] = []
        quoted.append(jsonString: text)
        let json = String(decoding: quoted, as: UTF8.self)
        let gpu = RegionText.gpu(vendor: json, model: json, memory: json, physical: json, logical: json)
        var region = RegionText.region(
            [
                RegionText.flavor(
                    1, id: json, name: json, cpu: #"{"family":\#(json),"architecture":\#(json)}"#,
                    memory: json, disk: json, gpu: gpu), RegionText.flavor(1, id: json, name: json),
            ],
            metadata: #","annotations":{\#(json):5}"#,
            spec: #","tags":[{"name":\#(json)},{"name":\#(json)}],"security":{"organizations":[{"id":\#(json)}]}"#)
        for field in [#""name":"de-central-0-kubeconfig""#, #""unikorn-cloud.org/name":"de-central-0""#] {
            let key = String(field.split(separator: ":", maxSplits: 1)[0])
            region = region.replacing(field, with: "\(key):\(json)")
        }
        var inventory = Inventory()
        inventory.isComplete = true
        try inventory.add(region: region.replacing(RegionText.name, with: "e71f2dd2-0bc9-4601-8f3b-9696a1fa90a7"))
        let findings = try Judge.create(region: region, inventory: inventory)
        #expect(findings.count >= 10)
        for finding in findings {
            let line = finding.line
            #expect(line.unicodeScalars.allSatisfy(PrintableText.isSafe))
            #expect(line.unicodeScalars.count < 1_200, "\(line.unicodeScalars.count)")
            #expect(!finding.message.isEmpty && !finding.field.isEmpty)
        }
    }

    @Test func theSameEveryTime() throws {
        for fixture in Fixture.rules where !fixture.header.isOfflineOnly && fixture.rule.hasPrefix("node") {
            let world = try FixtureWorld(fixture, readKubeconfig: StandInKubeconfig.facts)
            let first = try world.findingsOfServer().map(\.line)
            #expect(try world.findingsOfServer().map(\.line) == first, "\(fixture.path)")
        }
    }

    /// In a message fields stand in order, whatever the order of the object's keys.
    @Test func findingsAreSortedByField() throws {
        let flavors = (1...12).map { RegionText.flavor($0, cpu: "{}", memory: "\"0\"") }
        let paths = try Judge.create(region: RegionText.region(flavors)).sortedByField().map { "\($0.path)" }
        let expected = (0..<12).flatMap {
            ["spec.kubernetes.nodes[\($0)].cpu.count", "spec.kubernetes.nodes[\($0)].memory"]
        }
        #expect(paths == expected)
    }

    /// A key may stand many times, each time with a list of the greatest length: what is noted does not grow with them.
    @Test(arguments: [
        (1, "and 31767 more fields of a wrong type [type]"),
        (3, "and at least 31768 more fields of a wrong type [type]"),
    ])
    func wrongTypesWithoutEnd(_ times: Int, _ last: String) throws {
        let list = "[" + String(repeating: "1,", count: 32_766) + "1]"
        let lists = [String](repeating: #""nodes":\#(list)"#, count: times).joined(separator: ",")
        let region = RegionText.region().replacing(#""nodes":["#, with: lists + #","n":["#)
        let findings = try Judge.create(region: region)
        let types = findings.filter { $0.rule == .type }
        #expect(types.count == 1_001)
        #expect(types.last?.message == last)
    }
}
