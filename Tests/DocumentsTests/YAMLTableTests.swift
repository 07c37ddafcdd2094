import Documents
import Testing

@Suite("YAML as Kubernetes reads it")
struct YAMLTableTests {
    @Test(arguments: Fixtures.table("oracle.jsonl"))
    func row(_ row: Fixtures.Row) {
        switch yaml(row.input) {
        case .success(let json): #expect(json == row.json, "\(String(decoding: row.input, as: UTF8.self).debugDescription)")
        case .failure(let error): #expect(row.json == nil, "\(String(decoding: row.input, as: UTF8.self).debugDescription) \(error)")
        }
    }
}
