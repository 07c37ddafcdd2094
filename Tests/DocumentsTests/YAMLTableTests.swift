import Documents
import KubernetesTypes
import Testing

/// The tables hold what sigs.k8s.io/yaml, the reader of kubectl and the API server, makes of each document.
@Suite("YAML is read as Kubernetes reads it")
struct YAMLTableTests {
    @Test(
        arguments: ["scalars", "quoted", "tags", "merges", "aliases", "keys", "structure", "json", "bytes", "streams"])
    func table(name: String) {
        let rows = Fixtures.table("yaml-\(name).jsonl")
        #expect(rows.count > 10)
        for row in rows {
            switch yaml(row.input) {
            case .success(let json): #expect(json == row.json, "\(row)")
            case .failure(let error): #expect(row.json == nil, "\(row): \(error)")
            }
        }
    }

    /// Documents that are read otherwise on purpose, each with the reason.
    @Test func differences() {
        let rows = Fixtures.differences()
        #expect(rows.count == 16)
        for row in rows {
            #expect(row.here != row.kubernetes)
            switch yaml(row.input) {
            case .success(let json): #expect(json == row.here, "\(row.why)")
            case .failure(let error): #expect(row.here == nil, "\(row.why): \(error)")
            }
        }
    }
}
