import Admission
import KubernetesTypes
import Policy
import RegionAPI
import TestSupport
import Testing

/// `default-from-nodes`: what a flavor lacks is what the Nodes of its class agree on.
@Suite struct DefaultsFromNodesTests {
    private static let nodeClass = RegionText.id(1)
    private static let empty = #"{"id":"\#(nodeClass)"}"#
    private static let disk = #""ephemeral-storage":"104846316Ki""#

    private static func node(
        _ name: String, _ capacity: String, labels: [String: String] = [:], class nodeClass: String = nodeClass
    ) -> String {
        let labels = labels.sorted { $0.key < $1.key }.map { ",\"\($0.key)\":\"\($0.value)\"" }.joined()
        return """
            {"metadata":{"name":"\(name)","labels":{"kubernetes.region.unikorn-cloud.org/node-class":\
            "\(nodeClass)"\(labels)}},"status":{"capacity":{\(capacity)}}}
            """
    }

    private static func inventory(_ nodes: [String]) throws -> Inventory {
        var inventory = Inventory()
        for node in nodes {
            if let record = try ParsedJSON(node).read({ NodeRecord(Node($0)) }) { inventory.add(record) }
        }
        return inventory
    }

    /// `path=value` of each default of the first flavor.
    private func defaults(_ flavor: String, _ nodes: [String]) throws -> [String] {
        let inventory = try Self.inventory(nodes)
        return try ParsedJSON(RegionText.region([flavor])).read { root in
            Default.all(for: Region(root), namespace: nil, nodes: inventory).map { standard in
                "\(standard.path.description.replacing("spec.kubernetes.nodes[0].", with: ""))=\(standard.content)"
            }
        }
    }

    @Test func whatIsAbsentIsFilledInAndNamed() throws {
        let nodes = [
            Self.node("a", #""cpu":"4","memory":"16393244Ki",\#(Self.disk)"#),
            Self.node("b", #""cpu":4,"memory":"16393999Ki",\#(Self.disk)"#),
        ]
        let rest = ["memory=15Gi", "disk=99Gi", "name=cpu4-mem15-disk99"]
        #expect(try defaults(Self.empty, nodes) == [#"cpu={"count":4}"#] + rest)
        for cpu in ["{}", #"{"count":null}"#, #"{"family":"x"}"#] {
            #expect(try defaults(#"{"id":"\#(Self.nodeClass)","cpu":\#(cpu)}"#, nodes) == ["cpu.count=4"] + rest)
        }
        // What is written stays, and the name says that.
        let written = #"{"id":"\#(Self.nodeClass)","cpu":{"count":2},"memory":"8Gi"}"#
        #expect(try defaults(written, nodes) == ["disk=99Gi", "name=cpu2-mem8-disk99"])
        let null = #"{"id":"\#(Self.nodeClass)","name":"n","cpu":null,"memory":null,"disk":null,"gpu":null}"#
        #expect(try defaults(null, nodes) == [#"cpu={"count":4}"#, "memory=15Gi", "disk=99Gi"])
    }

    @Test func offUnlessAskedFor() throws {
        let inventory = try Self.inventory([Self.node("a", #""cpu":"4","memory":"4Gi""#)])
        let body = ReviewBody(region: RegionText.region([Self.empty]))
        for isOn in [false, true] {
            var settings = PolicySettings.forTests
            settings.takesDefaultsFromNodes = isOn
            let decision = try ParsedJSON(body.json).read { root in
                try Admission(policy: Policy(settings)).decide(
                    AdmissionReview(root), endpoint: .mutate, inventory: inventory, now: 0)
            }
            #expect(decision.defaults.contains { $0.id == .fromNodes } == isOn)
        }
    }

    @Test(
        arguments: [
            // Nodes that differ.
            ([#""cpu":"4""#, #""cpu":"8""#], []),
            ([#""memory":"4Gi","cpu":"4""#, #""memory":"5Gi","cpu":"4""#], [#"cpu={"count":4}"#]),
            // One that has not reported yet.
            ([#""cpu":"4""#, ""], []),
            // Nothing, too much, no quantity.
            ([#""cpu":"0","memory":"0","ephemeral-storage":"1023Mi""#], []), ([#""cpu":"4097","memory":"-4Gi""#], []),
            ([#""cpu":"four","memory":"1e1.5","ephemeral-storage":true"#], []),
            ([#""memory":"9223372036854775807""#], ["memory=8589934591Gi"]), ([#""memory":"10E""#], []), ([], []),
        ] as [([String], [String])])
    func whatNodesDoNotAgreeOnStaysAbsent(_ capacities: [String], _ expected: [String]) throws {
        let nodes = capacities.enumerated().map { Self.node("n\($0.offset)", $0.element) }
        #expect(try defaults(Self.empty, nodes) == expected)
    }

    @Test func onlyNodesOfTheClassCount() throws {
        let other = Self.node("a", #""cpu":"4""#, class: RegionText.id(2))
        #expect(try defaults(Self.empty, [other]).isEmpty)
        let id = Self.nodeClass.uppercased()
        #expect(try defaults(#"{"id":"\#(id)"}"#, [Self.node("a", #""cpu":"4""#)]).isEmpty, "an id that is wrong")
        #expect(try defaults("{}", [Self.node("a", #""cpu":"4""#)]).isEmpty)
        #expect(
            try defaults(#"{"id":"\#(Self.nodeClass)","cpu":7,"name":"n"}"#, [Self.node("a", #""cpu":"4""#)]).isEmpty)
    }

    private static let nvidia = [
        "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3", "nvidia.com/gpu.count": "8",
        "nvidia.com/gpu.memory": "81559",
    ]
    private static let amd = ["amd.com/gpu.product-name": "AMD_Instinct_MI300X_OAM", "amd.com/gpu.vram": "192G"]

    private func gpu(_ nodes: [String]) throws -> String? {
        try defaults(Self.empty, nodes).first { $0.hasPrefix("gpu=") }.map { String($0.dropFirst(4)) }
    }

    @Test func cardsAsTheyAreLabelled() throws {
        #expect(
            try gpu([Self.node("a", #""nvidia.com/gpu":"8""#, labels: Self.nvidia)])
                == #"{"vendor":"NVIDIA","model":"NVIDIA-H100-80GB-HBM3","memory":"79Gi","physicalCount":8,"logicalCount":8}"#
        )
        #expect(
            try gpu([Self.node("a", #""amd.com/gpu":"8""#, labels: Self.amd)])
                == #"{"vendor":"AMD","model":"AMD_Instinct_MI300X_OAM","memory":"192Gi","physicalCount":8,"logicalCount":8}"#
        )
        let machine = #""cpu":"128","memory":"2Ti","ephemeral-storage":"3600Gi","nvidia.com/gpu":"8""#
        #expect(
            try defaults(Self.empty, [Self.node("a", machine, labels: Self.nvidia)]).last
                == "name=cpu128-mem2048-disk3600-8xnvidia-h100-80gb-hbm3")
    }

    @Test(
        arguments: [
            // Shared in time, parts of cards, and what labels do not say, or say wrongly.
            ("nvidia.com/gpu", "16", ["nvidia.com/gpu.replicas": "2"]),
            ("nvidia.com/gpu", "8", ["nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3-SHARED"]),
            ("nvidia.com/gpu", "8", ["nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3-MIG-1g.10gb"]),
            ("nvidia.com/gpu", "8", ["nvidia.com/gpu.product": ""]), ("nvidia.com/gpu", "7", [:]),
            ("nvidia.com/gpu", "8", ["nvidia.com/gpu.memory": ""]),
            ("nvidia.com/gpu", "8", ["nvidia.com/gpu.memory": "-1"]),
            ("nvidia.com/gpu", "8", ["nvidia.com/gpu.memory": "1000"]),
            ("nvidia.com/gpu", "8", ["nvidia.com/gpu.memory": "9223372036854775807"]), ("nvidia.com/gpu", "0", [:]),
            ("amd.com/gpu", "8", ["amd.com/gpu.vram": "192"]), ("amd.com/gpu", "8", ["amd.com/gpu.vram": "G"]),
            ("amd.com/gpu", "8", ["amd.com/compute-memory-partition": "cpx_nps4"]),
        ] as [(String, String, [String: String])])
    func cardsThatNobodyDescribes(_ resource: String, _ count: String, _ labels: [String: String]) throws {
        let all = Self.nvidia.merging(Self.amd) { $1 }.merging(labels) { $1 }
        #expect(try gpu([Self.node("a", "\"\(resource)\":\"\(count)\"", labels: all)]) == nil)
    }

    @Test func cardsThatDiffer() throws {
        let one = Self.node("a", #""nvidia.com/gpu":"8""#, labels: Self.nvidia)
        #expect(try gpu([one, Self.node("b", #""nvidia.com/gpu":"8""#, labels: Self.nvidia)]) != nil)
        // A plug-in that reports late, another card, another vendor.
        #expect(try gpu([one, Self.node("b", "", labels: Self.nvidia)]) == nil)
        let other = Self.nvidia.merging(["nvidia.com/gpu.product": "NVIDIA-L40S"]) { $1 }
        #expect(try gpu([one, Self.node("b", #""nvidia.com/gpu":"8""#, labels: other)]) == nil)
        #expect(try gpu([one, Self.node("b", #""amd.com/gpu":"8""#, labels: Self.amd)]) == nil)
        // What is written of a GPU stays as it is.
        #expect(try defaults(#"{"id":"\#(Self.nodeClass)","name":"n","gpu":{"vendor":"NVIDIA"}}"#, [one]).isEmpty)
    }

    @Test func theSameAfterTheyWereApplied() throws {
        let machine = #""cpu":"128","memory":"2Ti",\#(Self.disk),"nvidia.com/gpu":"8""#
        let inventory = try Self.inventory([Self.node("a", machine, labels: Self.nvidia)])
        for flavor in [Self.empty, #"{"id":"\#(Self.nodeClass)","cpu":{"family":null,"count":null},"gpu":null}"#] {
            try ParsedJSON(RegionText.region([flavor])).read { root in
                let defaults = Default.all(for: Region(root), namespace: nil, nodes: inventory)
                #expect(defaults.count == 5)
                let document = DefaultedDocument(root, defaults)
                #expect(Default.all(for: Region(document.root), namespace: nil, nodes: inventory).isEmpty)
                // What is judged is what the patch makes of it.
                let text = String(decoding: document.root.jsonText, as: UTF8.self)
                #expect(text.contains(#""memory":"2048Gi""#) && text.contains(#""count":128"#))
                #expect(text.contains(#""gpu":{"vendor":"NVIDIA","#) && text.contains(#""physicalCount":8"#))
            }
        }
    }

    /// Whatever a Region lacks: what is filled in stays as it is, and brings no fault that was not there.
    @Test func generatedRegions() throws {
        var random = SeededGenerator(seed: 20_261_126)
        // Classes that agree, that differ, and that say nothing.
        let capacities = [
            #""cpu":"2","memory":"4Gi","ephemeral-storage":"40Gi""#, #""cpu":"0","memory":"1Mi""#, "",
            #""cpu":"64","memory":"131923000Ki","ephemeral-storage":"1055744992Ki","nvidia.com/gpu":"8""#,
        ]
        let nodes = (0...9).flatMap { number in
            (0..<Int.random(in: 0...3, using: &random)).map { index in
                Self.node(
                    "n\(number)-\(index)", capacities[Int.random(in: 0..<capacities.count, using: &random)],
                    labels: Self.nvidia, class: RegionText.id(number))
            }
        }
        let inventory = try Self.inventory(nodes)
        var settings = PolicySettings.forTests
        settings.takesDefaultsFromNodes = true
        var regions = RandomRegions(using: random)
        var filled = 0
        for _ in 0..<5_000 {
            let json = regions.next()
            try ParsedJSON(json).read { root in
                let defaults = Default.all(for: Region(root), namespace: nil, nodes: inventory)
                filled += defaults.count { $0.id == .fromNodes }
                let document = DefaultedDocument(root, defaults)
                if !Default.all(for: Region(document.root), namespace: nil, nodes: inventory).isEmpty {
                    Issue.record("not the same twice: \(json)")
                }
            }
            let before = Set(
                try Judge.create(region: json, inventory: inventory).filter { $0.severity == .deny }.summaries)
            let after = Set(
                try Judge.create(region: json, settings, inventory: inventory).filter { $0.severity == .deny }.summaries
            )
            if !after.isSubset(of: before) { Issue.record("\(after.subtracting(before)): \(json)") }
        }
        #expect(filled > 1_000)
    }

    @Test func thePatchAddsWhatIsMissingAbove() throws {
        let inventory = try Self.inventory([Self.node("a", #""cpu":"4","memory":"4Gi""#)])
        let patch = try ParsedJSON(RegionText.region([Self.empty])).read { root in
            var patch: [UInt8] = []
            for standard in Default.all(for: Region(root), namespace: nil, nodes: inventory) {
                standard.appendPatch(to: &patch)
            }
            return String(decoding: patch, as: UTF8.self)
        }
        #expect(
            patch == """
                {"op":"add","path":"/spec/kubernetes/nodes/0/cpu","value":{"count":4}}\
                {"op":"add","path":"/spec/kubernetes/nodes/0/memory","value":"4Gi"}
                """)
    }

    @Test func anObjectOnItsWayOutIsLeftAlone() throws {
        let inventory = try Self.inventory([Self.node("a", #""cpu":"4""#)])
        let json = RegionText.region([Self.empty], metadata: #","deletionTimestamp":"2026-11-22T10:43:29Z""#)
        let count = try ParsedJSON(json).read { Default.all(for: Region($0), namespace: nil, nodes: inventory).count }
        #expect(count == 0)
    }
}
