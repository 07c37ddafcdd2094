import Policy
import TestSupport
import Testing

/// An update is refused only for what it makes worse.
@Suite struct RatchetTests {
    private static let tags = #","tags":[]"#

    struct Update: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let old: [String]
        let new: [String]
        let expected: [String]
    }

    private static func flavor(_ number: Int, memory: String) -> String { RegionText.flavor(number, memory: memory) }

    private static let bad = #""1e1.5""#

    static let updates = [
        Update(
            testDescription: "the same fault", old: [flavor(1, memory: bad)], new: [flavor(1, memory: bad)],
            expected: ["warn memory spec.kubernetes.nodes[0].memory"]),
        Update(
            testDescription: "another value", old: [flavor(1, memory: bad)], new: [flavor(1, memory: #""-4Gi""#)],
            expected: ["deny memory spec.kubernetes.nodes[0].memory"]),
        Update(
            testDescription: "another flavor", old: [flavor(1, memory: bad), flavor(2, memory: #""4Gi""#)],
            new: [flavor(1, memory: #""4Gi""#), flavor(2, memory: bad)],
            expected: ["deny memory spec.kubernetes.nodes[1].memory"]),
        Update(
            testDescription: "inserted before", old: [flavor(1, memory: bad)],
            new: [flavor(2, memory: #""4Gi""#), flavor(1, memory: bad)],
            expected: ["warn memory spec.kubernetes.nodes[1].memory"]),
        Update(
            testDescription: "two, the second new", old: [flavor(1, memory: bad)],
            new: [flavor(1, memory: bad), flavor(2, memory: bad)],
            expected: [
                "warn memory spec.kubernetes.nodes[0].memory", "deny memory spec.kubernetes.nodes[1].memory",
            ]),
        Update(
            testDescription: "an absent field", old: [RegionText.flavor(1, cpu: nil)],
            new: [RegionText.flavor(1, cpu: nil)], expected: ["warn cpu-count spec.kubernetes.nodes[0].cpu.count"]),
        Update(
            testDescription: "absent in another way", old: [RegionText.flavor(1, cpu: nil)],
            new: [RegionText.flavor(1, cpu: "{}")], expected: ["warn cpu-count spec.kubernetes.nodes[0].cpu.count"]),
        Update(
            testDescription: "another rule about the same field", old: [flavor(1, memory: bad)],
            new: [flavor(1, memory: "true")], expected: ["deny type spec.kubernetes.nodes[0].memory"]),
        Update(
            testDescription: "a flavor without an id", old: [RegionText.flavor(1, id: .some(nil))],
            new: [RegionText.flavor(1, id: .some(nil))], expected: ["warn node-id spec.kubernetes.nodes[0].id"]),
        Update(
            testDescription: "one more without an id", old: [RegionText.flavor(1, id: .some(nil))],
            new: [RegionText.flavor(1, id: .some(nil)), RegionText.flavor(2, id: .some(nil))],
            expected: ["warn node-id spec.kubernetes.nodes[0].id", "deny node-id spec.kubernetes.nodes[1].id"]),
        Update(
            testDescription: "a duplicate, in another order",
            old: [RegionText.flavor(1), RegionText.flavor(1, name: "\"b\"")],
            new: [RegionText.flavor(1, name: "\"b\""), RegionText.flavor(1)],
            expected: ["warn node-id-duplicate spec.kubernetes.nodes[1].id"]),
        Update(
            testDescription: "a duplicate added", old: [RegionText.flavor(1)],
            new: [RegionText.flavor(1), RegionText.flavor(1, name: "\"b\"")],
            expected: ["deny node-id-duplicate spec.kubernetes.nodes[1].id"]),
        Update(
            testDescription: "nothing is wrong any more", old: [flavor(1, memory: bad)], new: [RegionText.flavor(1)],
            expected: []),
    ]

    @Test(arguments: updates) func verdict(_ update: Update) throws {
        let findings = try Judge.update(
            region: RegionText.region(update.new, spec: Self.tags), from: RegionText.region(update.old))
        #expect(findings.filter { $0.rule != .regionRestart }.summaries == update.expected)
    }

    @Test func oldFaultsSaySo() throws {
        let wrong = [Self.flavor(1, memory: Self.bad)]
        let findings = try Judge.update(
            region: RegionText.region(wrong, spec: Self.tags), from: RegionText.region(wrong))
        #expect(findings.map(\.isOld) == [true])
        #expect(findings.first?.message.contains("(not new in this update)") == true)
    }

    @Test func strictWarningsRatchetToo() throws {
        var settings = PolicySettings.forTests
        settings.isStrict = true
        let old = RegionText.region([RegionText.flavor(1, name: #""brat wurst""#)])
        let kept = RegionText.region([RegionText.flavor(1, name: #""brat wurst""#)], spec: Self.tags)
        let worse = RegionText.region([RegionText.flavor(1, name: #""brat  wurst""#)])
        #expect(try Judge.update(region: kept, from: old, settings).map(\.severity) == [.warn])
        #expect(try Judge.update(region: worse, from: old, settings).map(\.severity).contains(.deny))
    }

    @Test func metadataOnlyIsNoChange() throws {
        let wrong = [Self.flavor(1, memory: Self.bad)]
        let old = RegionText.region(wrong)
        let annotated = RegionText.region(wrong, metadata: #","annotations":{"a":"b"},"finalizers":["x"]"#)
        #expect(try Judge.update(region: annotated, from: old).isEmpty)
        let renamed = RegionText.region(wrong, displayName: "de-central-1")
        #expect(try Judge.update(region: renamed, from: old).map(\.rule) == [.memory])
    }

    @Test func anOldObjectWithoutDefaultsIsNoChange() throws {
        let gpu = RegionText.gpu(logical: nil)
        let json = RegionText.region([RegionText.flavor(1, name: .some(nil), memory: Self.bad, gpu: gpu)])
        #expect(try Judge.update(region: json, from: json).isEmpty)
    }

    /// Names of fields are matched one by one, so that no id can pass for a path.
    @Test func idsAreNoPaths() throws {
        let old = RegionText.region([RegionText.flavor(1, id: #""a]/memory""#, memory: Self.bad)])
        let new = RegionText.region([RegionText.flavor(1, id: #""a""#, memory: Self.bad)])
        let memory = try Judge.update(region: new, from: old).filter { $0.rule == .memory }
        #expect(memory.map(\.severity) == [.deny])
    }

    @Test func deletionJudgesNewIDsOnly() throws {
        var inventory = Inventory()
        let other = RegionText.region([RegionText.flavor(2)], name: "e71f2dd2-0bc9-4601-8f3b-9696a1fa90a7")
        try inventory.add(region: other)
        let deleting = #","deletionTimestamp":"2026-11-22T10:43:29Z""#
        let old = RegionText.region([RegionText.flavor(1)], metadata: deleting)
        let new = RegionText.region(
            [RegionText.flavor(1, memory: Self.bad), RegionText.flavor(2)], metadata: deleting)
        let findings = try Judge.update(region: new, from: old, inventory: inventory)
        #expect(findings.summaries == ["deny node-id-unique spec.kubernetes.nodes[1].id"])
    }
}
