import Documents
import KubernetesTypes
import TestSupport
import Testing

/// Work that grows with the input, not with its square. Twice the keys may take up to three times as long: the ratio of two
/// measurements of one thread's own time, the smallest of several.
@Suite("Scale", .serialized)
struct ScaleTests {
    private static let keys = 50_000
    /// For what a build for debugging is slow at.
    private static let fewKeys = 10_000
    private static let rounds = 2

    private func expectLinear(
        _ make: (Int) -> String, _ count: Int = keys, _ work: ([UInt8]) throws -> Void
    ) throws {
        let inputs = [count, 2 * count].map { Array(make($0).utf8) }
        let times = try inputs.map { input in
            try (0..<Self.rounds).map { _ in try CPUTime.measure { try work(input) }.time }.min() ?? .zero
        }
        #expect(times[1] < times[0] * 3, "\(times)")
    }

    private func object(_ count: Int) -> String {
        "{" + (0..<count).map { "\"key-\($0)\":\($0)" }.joined(separator: ",") + "}"
    }

    private func mapping(_ count: Int) -> String { (0..<count).map { "key-\($0): \($0)\n" }.joined() }

    private func expectKeys(_ input: [UInt8]) throws {
        let found = try withDocument(input) { ($0.root.childCount, $0.duplicateKeys.count) }
        #expect(found?.0 ?? 0 >= Self.keys)
        #expect(found?.1 == 0)
    }

    @Test func keysOfJSON() throws { try expectLinear(object, Self.keys, expectKeys) }

    @Test func keysOfYAML() throws { try expectLinear(mapping, Self.keys, expectKeys) }

    @Test func keysThatStandTwice() throws {
        for make in [
            { "{" + repeatElement(#""a":1"#, count: $0).joined(separator: ",") + "}" },
            {
                String(repeating: "a: 1\n", count: $0)
            },
        ] as [(Int) -> String] {
            try expectLinear(make) { input in
                let count = try withDocument(input) { $0.duplicateKeys.count }
                #expect(count ?? 0 >= Self.keys - 1)
            }
        }
    }

    @Test func keysOfABody() throws {
        let parser = JSONParser()
        try expectLinear(object) { input in
            let count = try input.withUnsafeBytes { try parser.parse($0)["key-49999"]?.int }
            #expect(count == 49_999)
        }
    }

    /// In another order, so that a table of the keys is needed.
    @Test func comparingObjects() throws {
        try expectLinear(object, Self.fewKeys) { input in
            try ParsedJSON(input).read { root in
                let builder = TapeBuilder()
                builder.beginObject(.unknown)
                for field in Array(root.fields).reversed() {
                    builder.string(field.key.bytes, .unknown)
                    builder.copy(field.value)
                }
                builder.end()
                #expect(root.isEqual(to: builder.root))
            }
        }
    }

    @Test func merges() throws {
        try expectLinear({ "m: &m {\(Self.pairs($0))}\nw: {<<: *m, \(Self.pairs($0))}\n" }, Self.fewKeys) { input in
            let count = try withDocument(input) { $0.root["w"]?.childCount ?? 0 }
            #expect(count ?? 0 >= Self.fewKeys)
        }
    }

    private static func pairs(_ count: Int) -> String { (0..<count).map { "k\($0): 1" }.joined(separator: ", ") }

    @Test func anchorsAndAliases() throws {
        try expectLinear({ count in (0..<count).map { "a\($0): &a\($0) x\nb\($0): *a\($0)\n" }.joined() }, Self.fewKeys)
        { input in
            let count = try withDocument(input) { $0.root.childCount }
            #expect(count ?? 0 >= 2 * Self.fewKeys)
        }
    }

    @Test func documentsAndErrors() throws {
        for document in ["---\na: 1\n", "---\na: [\n", "---\na: \u{1}\n"] {
            try expectLinear({ String(repeating: document, count: $0) }, Self.fewKeys / 4) {
                #expect(outline($0).count >= Self.fewKeys / 4)
            }
        }
    }
}
