import Documents
import KubernetesTypes
import Testing

/// What the tables of `YAMLTableTests` cannot show: that a merge leaves each key once, and anchors where they were.
@Suite("Merges and aliases on the tape")
struct MergeTests {
    static let cases = [
        // A field that a merge replaces may be what an alias means.
        ("w:\n  k: &x {a: [1, 2]}\n  <<: {k: 5}\nz: *x\n", #"{"w":{"k":5},"z":{"a":[1,2]}}"#),
        ("w:\n  k: &x {a: &y [1, 2]}\n  <<: {k: 5}\nz: [*x, *y]\n", #"{"w":{"k":5},"z":[{"a":[1,2]},[1,2]]}"#),
        // Those behind it move up.
        ("w:\n  k: 1.5\n  l: &x {a: [1, 2]}\n  <<: {k: 5}\nz: *x\n", #"{"w":{"k":5,"l":{"a":[1,2]}},"z":{"a":[1,2]}}"#),
        ("w: &w\n  k: 1\n  l: &x s\n  <<: {k: 5}\nz: [*x, *w]\n", #"{"w":{"k":5,"l":"s"},"z":["s",{"k":5,"l":"s"}]}"#),
        ("w:\n  <<: &x {a: &y [1]}\nz: [*x, *y]\n", #"{"w":{"a":[1]},"z":[{"a":[1]},[1]]}"#),
        (
            "w:\n  <<: [&x {a: &y [1]}, {a: 2, b: &v 3}]\nz: [*x, *y, *v]\n",
            #"{"w":{"a":[1],"b":3},"z":[{"a":[1]},[1],3]}"#
        ),
        // Merges inside merges.
        ("w: {<<: {<<: {a: 1, b: 1}, b: 2, c: 2}, c: 3}\n", #"{"w":{"a":1,"b":2,"c":3}}"#),
        ("w: {a: 0, <<: {a: 1, <<: {a: 2}}}\n", #"{"w":{"a":2}}"#),
        ("w: [{<<: {a: 1}, a: {<<: {c: 1}, c: 2}}]\n", #"{"w":[{"a":{"c":2}}]}"#),
        ("&x yes: *x\n", #"{"true":true}"#),
        ("&x 1.50: [*x]\n", #"{"1.5":[1.5]}"#),
        ("&x s: {*x : *x}\n", #"{"s":{"s":"s"}}"#),
    ]

    @Test(arguments: cases)
    func merge(source: String, json: String) throws {
        try withDocument(Array(source.utf8)) { document in
            #expect(canonicalJSON(document.root) == json, "\(source)")
            #expect(document.duplicateKeys.isEmpty)
            document.root.forEachObject { object in
                let keys = object.fields.map { String($0.key) }
                #expect(Set(keys).count == keys.count)
            }
        }
    }

    @Test func mergedFieldsKeepTheirPlaces() throws {
        let marked = Marked("m: &m {a: 1, 📍b: 📍2}\nw:\n  <<: *m\n  📍a: 📍3\n")
        try withDocument(marked.bytes) { document in
            let w = document.root["w"]
            let places = [w?["b"]?.keyPosition, w?["b"]?.position, w?["a"]?.keyPosition, w?["a"]?.position]
            #expect(places == marked.places)
        }
    }

    @Test func manyAnchorsAndMergesTakeLinearTime() {
        var source = "m: &m {a: 1}\n"
        for index in 0..<10_000 { source += "k\(index): &n\(index) {<<: *m, a: &x\(index) 2}\n" }
        let start = ContinuousClock.now
        #expect(firstError(Array(source.utf8)) == nil)
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
