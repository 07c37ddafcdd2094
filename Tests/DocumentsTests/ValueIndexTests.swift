import Documents
import KubernetesTypes
import TestSupport
import Testing

/// Values by their paths and paths of values, in containers that are walked and in those that are indexed.
@Suite struct ValueIndexTests {
    /// Every value inside, the root first.
    private func all(in value: Value) -> [Value] {
        let inner = value.isObject ? value.fields.map(\.value) : value.elements.map { $0 }
        return [value] + inner.flatMap(all)
    }

    private static func list(_ count: Int) -> String {
        "[" + (0..<count).map { #"{"id":"\#($0)","n":[\#($0),[]]}"# }.joined(separator: ",") + "]"
    }

    private static func object(_ count: Int) -> String {
        "{" + (0..<count).map { #""k\#($0)":{"a":\#($0)}"# }.joined(separator: ",") + "}"
    }

    @Test(arguments: [0, 1, 3, 40, 2_000])
    func aPathLeadsToItsValue(_ count: Int) throws {
        let text = #"{"spec":{"nodes":\#(Self.list(count)),"o":\#(Self.object(count))},"z":1}"#
        try ParsedJSON(text).read { root in
            var index = ValueIndex(root)
            for value in all(in: root) {
                let answer = index.path(to: value)
                let path = try #require(answer)
                let found = index.resolve(path)
                #expect(found.isExact && found.value.index == value.index, "\(path)")
                if count < 100 { #expect(root.resolve(path).value.index == value.index, "\(path)") }
            }
        }
    }

    @Test func pathsAreWritten() throws {
        let text = #"{"a":[[{"b":1}]],"metadata":{"labels":{"x/y":"z"},"annotations":{"u.v":{"w":2}}}}"#
        let expected = [
            "", "a", "a[0]", "a[0][0]", "a[0][0].b", "metadata", "metadata.labels", "metadata.labels[x/y]",
            "metadata.annotations", "metadata.annotations[u.v]", "metadata.annotations[u.v].w",
        ]
        try ParsedJSON(text).read { root in
            var index = ValueIndex(root)
            #expect(all(in: root).map { index.path(to: $0)?.description } == expected)
        }
    }

    @Test(arguments: [1, 100]) func whatIsNotThere(_ count: Int) throws {
        let text = #"{"nodes":\#(Self.list(count)),"o":\#(Self.object(count)),"last":{"a":1}}"#
        try ParsedJSON(text).read { root in
            var index = ValueIndex(root)
            for (path, parent) in [
                (FieldPath("x"), ""), (FieldPath("nodes").index(count), "nodes"),
                (FieldPath("nodes").index(-1), "nodes"), (FieldPath("nodes", "a"), "nodes"),
                (FieldPath("o", "k"), "o"), (FieldPath("o").index(0), "o"), (FieldPath("last", "a", "b"), "last.a"),
            ] {
                let (value, isExact) = index.resolve(path)
                #expect(!isExact, "\(path)")
                #expect(index.path(to: value)?.description == parent, "\(path)")
            }
            // A value of another part of the document.
            let other = try #require(root["last"])
            var inner = ValueIndex(try #require(root["nodes"]))
            #expect(inner.path(to: other) == nil)
            #expect(inner.path(to: root) == nil)
        }
    }

    /// The last one counts, as everywhere.
    @Test(arguments: [0, 100]) func aKeyThatStandsTwice(_ count: Int) throws {
        let filling = (0..<count).map { #""k\#($0)":0,"# }.joined()
        try ParsedJSON(#"{\#(filling)"a":1,"b":2,"a":3}"#).read { root in
            var index = ValueIndex(root)
            #expect(index.resolve(FieldPath("a")).value.int == 3)
        }
    }
}
