import Documents
import KubernetesTypes
import RegionAPI
import TestSupport
import Testing

/// The fixtures of rules that only a reader of files can report hold the fault that they say.
@Suite struct ReadingRulesTests {
    private static func fixtures(_ rule: String) -> [Fixture] { Fixture.rules.filter { $0.rule == rule } }

    @Test(arguments: fixtures("syntax")) func syntax(_ fixture: Fixture) {
        let parses = (try? FixtureObject.all(in: fixture.text)) != nil
        #expect(parses == fixture.isPass)
    }

    @Test(arguments: fixtures("duplicate-key")) func duplicateKey(_ fixture: Fixture) throws {
        let count = try fixture.bytes.withUnsafeBytes { bytes in
            var count = 0
            let reader = YAMLDocumentReader()
            reader.open(bytes)
            while let document = try reader.next() { count += document.duplicateKeys.count }
            return count
        }
        #expect(count == (fixture.isFail ? 1 : 0))
    }

    @Test(arguments: fixtures("unknown-field")) func unknownField(_ fixture: Fixture) throws {
        var unknown = 0
        for object in try FixtureObject.all(in: fixture.text) {
            let schema = object.kind == "Node" ? Schema.node : Schema.region
            try ParsedJSON(object.json).read { root in schema.visitUnknown(in: root) { _ in unknown += 1 } }
        }
        #expect(unknown == (fixture.isFail ? 1 : 0))
    }

    @Test(arguments: fixtures("object-duplicate")) func objectDuplicate(_ fixture: Fixture) throws {
        let objects = try FixtureObject.all(in: fixture.text)
        let names = Set(objects.map { "\($0.kind) \($0.namespace ?? "") \($0.name)" })
        #expect(names.count == (fixture.isFail ? 1 : objects.count))
    }
}
