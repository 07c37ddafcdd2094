import Documents
import KubernetesTypes
import Testing

/// One document, two notations, one tape.
@Suite("YAML and JSON of one document")
struct ParityTests {
    static let yaml = """
        apiVersion: region.unikorn-cloud.org/v1alpha1
        kind: Region
        metadata:
          name: fe4ecbe4-421d-4f25-8b11-69593adfef5d
          labels: {unikorn-cloud.org/name: de-central-0, "on": "off"}
        spec:
          provider: kubernetes
          kubernetes:
            nodes:
            - id: 4be04a2e-87e6-4ff2-b34b-2994ee1600ba
              cpu: {count: 2.0}
              memory: 4Gi
              description: |
                two
                lines
              gpu: ~
              numbers: [0, -0, 1e3, 0.5, 9223372036854775807, -9223372036854775808, 18446744073709551615, 1e21]
              booleans: [yes, no, true, false]
        """
    static let json = #"""
        {"apiVersion": "region.unikorn-cloud.org/v1alpha1", "kind": "Region", "metadata": {
          "name": "fe4ecbe4-421d-4f25-8b11-69593adfef5d",
          "labels": {"unikorn-cloud.org/name": "de-central-0", "on": "off"}},
         "spec": {"provider": "kubernetes", "kubernetes": {"nodes": [{
           "id": "4be04a2e-87e6-4ff2-b34b-2994ee1600ba", "cpu": {"count": 2}, "memory": "4Gi",
           "description": "two\nlines\n", "gpu": null,
           "numbers": [0, 0, 1000, 0.5, 9223372036854775807, -9223372036854775808, 18446744073709551615, 1e21],
           "booleans": [true, false, true, false]}]}}}
        """#

    @Test func theyAreEqual() throws {
        #expect(try TapeTests.both(Self.yaml, Self.json) { $0.isEqual(to: $1) } == true)
        #expect(try TapeTests.both(Self.json, Self.yaml) { $0.jsonText == $1.jsonText } == true)
    }

    @Test func jsonTextIsReadBack() throws {
        let parser = JSONParser()
        let isSame = try withDocument(Array(Self.yaml.utf8)) { document in
            try document.root.jsonText.withUnsafeBytes { try parser.parse($0).isEqual(to: document.root) }
        }
        #expect(isSame == true)
    }

    /// Every JSON document that the tables know to be YAML too.
    @Test func jsonReadAsYAML() throws {
        let parser = JSONParser()
        for row in Fixtures.table("yaml-json.jsonl") {
            guard let json = row.json else { continue }
            let isSame = row.input.withUnsafeBytes { try? parser.parse($0) }.map(canonicalJSON)
            if let isSame { #expect(isSame == json, "\(row)") }
        }
    }
}
