import KubernetesTypes
import Policy
import RegionAPI
import TestSupport
import Testing

@Suite struct DefaultsTests {
    private static let namespace = "unikorn-region"

    /// `path=value` of each default.
    private func defaults(of json: String) throws -> [String] {
        try ParsedJSON(json).read { root in
            Default.all(for: Region(root), namespace: Self.namespace).map { "\($0.path)=\($0.content)" }
        }
    }

    /// The document with its defaults applied, as JSON.
    private func defaulted(_ json: String) throws -> String {
        try ParsedJSON(json).read { root in
            let document = DefaultedDocument(root, Default.all(for: Region(root), namespace: Self.namespace))
            return withExtendedLifetime(document) { String(decoding: document.root.jsonText, as: UTF8.self) }
        }
    }

    private func names(_ flavors: [String]) throws -> [String] {
        try defaults(of: RegionText.region(flavors)).compactMap { line in
            line.contains(".name=") ? String(line.split(separator: "=", maxSplits: 1)[1]) : nil
        }
    }

    private static func nameless(
        _ number: Int, cpu: String? = #"{"count":2}"#, memory: String? = #""4Gi""#, disk: String? = #""40Gi""#,
        gpu: String? = nil
    ) -> String {
        RegionText.flavor(number, name: .some(nil), cpu: cpu, memory: memory, disk: disk, gpu: gpu)
    }

    @Test func aCompleteRegionLacksNothing() throws {
        let gpu = RegionText.gpu()
        #expect(try defaults(of: RegionText.region([RegionText.flavor(1, gpu: gpu)])).isEmpty)
    }

    @Test func eachDefault() throws {
        let json = RegionText.region([Self.nameless(1, gpu: RegionText.gpu(logical: nil))])
            .replacing(#""namespace":"unikorn-region","name":"de-central-0-kubeconfig""#, with: #""name":"s""#)
        #expect(
            try defaults(of: json) == [
                "spec.kubernetes.kubeConfigSecret.namespace=unikorn-region",
                "spec.kubernetes.nodes[0].gpu.logicalCount=8",
                "spec.kubernetes.nodes[0].name=cpu2-mem4-disk40-8xh100",
            ])
    }

    @Test func openstackToo() throws {
        let json = """
            {"metadata":{"namespace":"a"},"spec":{"provider":"openstack","openstack":{"serviceAccountSecret":{"name":"s"},\
            "compute":{"flavors":{"metadata":[{"id":"1","gpu":{"physicalCount":2}}]}}}}}
            """
        #expect(
            try defaults(of: json) == [
                "spec.openstack.serviceAccountSecret.namespace=a",
                "spec.openstack.compute.flavors.metadata[0].gpu.logicalCount=2",
            ])
    }

    @Test func namesSayWhatTheFlavorIs() throws {
        let large = Self.nameless(
            1, cpu: #"{"count":128}"#, memory: #""2Ti""#, disk: #""3600Gi""#, gpu: RegionText.gpu(logical: "16"))
        #expect(try names([large]) == ["cpu128-mem2048-disk3600-16xh100"])
        #expect(try names([Self.nameless(1, disk: #""1G""#)]) == ["cpu2-mem4-disk1"])
    }

    @Test func equalNamesGetTheirIDs() throws {
        #expect(
            try names([Self.nameless(1), Self.nameless(2), Self.nameless(3, memory: #""8Gi""#)]) == [
                "cpu2-mem4-disk40-00000001", "cpu2-mem4-disk40-00000002", "cpu2-mem8-disk40",
            ])
        // A name that was written counts too.
        #expect(
            try names([RegionText.flavor(1, name: #""cpu2-mem4-disk40""#), Self.nameless(2)]) == [
                "cpu2-mem4-disk40-00000002"
            ])
    }

    @Test func theOrderOfFlavorsDoesNotMatter() throws {
        let flavors = (1...6).map { Self.nameless($0, memory: $0 < 4 ? #""4Gi""# : #""8Gi""#) }
        #expect(try names(flavors).sorted() == names(flavors.reversed()).sorted())
    }

    @Test(arguments: [
        ("A100 80GB", "a100-80gb"), ("L40S", "l40s"), ("GB200/NVL72", "gb200-nvl72"), ("v1.5", "v1.5"), ("ÄÖ", ""),
        ("--", ""),
    ]) func modelsAreSpeltForNames(_ model: String, _ expected: String) throws {
        let name = try #require(try names([Self.nameless(1, gpu: RegionText.gpu(model: "\"\(model)\""))]).first)
        #expect(name == "cpu2-mem4-disk40-8x\(expected)")
        #expect(LabelSyntax.displayName(name) == nil)
    }

    @Test func longModelsAreCut() throws {
        let model = "\"" + String(repeating: "x", count: 51) + String(repeating: "-y", count: 40) + "\""
        let found = try names([
            Self.nameless(1, gpu: RegionText.gpu(model: model)), Self.nameless(2, gpu: RegionText.gpu(model: model)),
        ])
        #expect(Set(found).count == 2)
        for name in found {
            #expect(LabelSyntax.displayName(name) == nil, "\(name)")
            #expect(name.hasSuffix("-00000001") || name.hasSuffix("-00000002"))
        }
    }

    @Test(arguments: [
        nameless(1, cpu: nil), nameless(1, cpu: #"{"count":0}"#), nameless(1, memory: #""1e1.5""#),
        nameless(1, memory: nil), nameless(1, disk: "true"), nameless(1, gpu: "7"),
        nameless(1, gpu: RegionText.gpu(model: nil)), nameless(1, gpu: RegionText.gpu(physical: "0", logical: nil)),
        RegionText.flavor(1, id: #""banana""#, name: .some(nil)),
        RegionText.flavor(1, id: .some(nil), name: .some(nil)),
    ]) func aWrongFlavorGetsNoName(_ flavor: String) throws {
        #expect(try names([flavor]).isEmpty)
    }

    @Test func nullIsAbsent() throws {
        let json = RegionText.region([
            RegionText.flavor(1, name: "null", gpu: RegionText.gpu(logical: "null"))
        ])
        #expect(try defaults(of: json).count == 2)
        let text = try defaulted(json)
        #expect(!text.contains("null"))
        #expect(text.contains(#""logicalCount":8"#))
        #expect(text.contains(#""name":"cpu2-mem4-disk40-8xh100""#))
    }

    @Test func anObjectOnItsWayOutIsLeftAlone() throws {
        let json = RegionText.region(
            [Self.nameless(1)], metadata: #","deletionTimestamp":"2026-11-22T10:43:29Z""#)
        #expect(try defaults(of: json).isEmpty)
    }

    @Test func whatIsWrongIsNotFilledIn() throws {
        for logical in ["0", "-1", "\"8\"", "true"] {
            let json = RegionText.region([RegionText.flavor(1, gpu: RegionText.gpu(logical: logical))])
            #expect(try defaults(of: json).isEmpty)
        }
        let empty = RegionText.region([RegionText.flavor(1, name: #""""#)])
        #expect(try defaults(of: empty).isEmpty)
    }

    @Test(arguments: Fixture.rules + Fixture.cases) func idempotent(_ fixture: Fixture) throws {
        guard let objects = try? FixtureObject.all(in: fixture.text) else { return }
        for object in objects where object.kind == "Region" {
            let once = try defaulted(String(decoding: object.json, as: UTF8.self))
            #expect(try defaults(of: once).isEmpty)
        }
    }

    @Test func idempotentForGeneratedRegions() throws {
        var regions = RandomRegions(seed: 20_261_123)
        var changed = 0
        for _ in 0..<10_000 {
            let json = regions.next()
            try ParsedJSON(json).read { root in
                let defaults = Default.all(for: Region(root), namespace: Self.namespace)
                if !defaults.isEmpty { changed += 1 }
                let document = DefaultedDocument(root, defaults)
                let again = Default.all(for: Region(document.root), namespace: Self.namespace)
                if !again.isEmpty { Issue.record("\(json)") }
            }
        }
        #expect(changed > 5_000)
    }
}
