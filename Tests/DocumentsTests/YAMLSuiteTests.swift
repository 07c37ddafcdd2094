import Documents
import KubernetesTypes
import Testing

/// The cases of yaml/yaml-test-suite: what it expects, what sigs.k8s.io/yaml makes of each, and why where these differ.
///
/// Of a stream with several documents the first counts, as one call of Kubernetes' reader sees no more. What is read
/// otherwise here stands in `yaml-differences.jsonl`, as for every other document.
@Suite("yaml-test-suite")
struct YAMLSuiteTests {
    static let cases = Fixtures.suite("yaml-suite.jsonl")
    static let differences = Fixtures.differences()

    @Test func everyCaseIsThere() {
        #expect(Self.cases.count == 406)
        #expect(Set(Self.cases.map(\.name)).count == Self.cases.count)
        #expect(Self.cases.count { $0.suite == nil } > 290)
    }

    @Test(arguments: cases)
    func readAsKubernetesReadsIt(_ item: Fixtures.SuiteCase) {
        #expect((item.suite != nil) == (item.why != nil), "a difference is listed with its reason, and nothing else is")
        if let suite = item.suite { #expect(suite == "refused" ? item.json != nil : suite != item.json) }
        let difference = Self.differences.first { $0.input == item.input }
        if let difference { #expect(difference.kubernetes == item.json) }
        let expected = difference.map(\.here) ?? item.json
        switch yaml(item.input) {
        case .success(let json): #expect(json == expected)
        case .failure(let error): #expect(expected == nil, "\(error)")
        }
    }
}
