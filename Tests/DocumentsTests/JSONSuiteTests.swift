import Documents
import KubernetesTypes
import Testing

/// What nst/JSONTestSuite expects of a parser, on both readers of JSON.
///
/// A case named `y_` must be accepted, one named `n_` refused, and `i_` may be either. Every `i_`, and every other that is
/// decided against the suite, says what is done here and why.
@Suite("JSONTestSuite")
struct JSONSuiteTests {
    static let cases = Fixtures.suite("json-suite.jsonl")

    @Test func everyCaseIsThere() {
        let counts = ["y_", "n_", "i_"].map { prefix in Self.cases.count { $0.name.hasPrefix(prefix) } }
        #expect(counts == [95, 188, 35])
        #expect(Set(Self.cases.map(\.name)).count == Self.cases.count)
    }

    @Test(arguments: cases)
    func outcome(_ item: Fixtures.SuiteCase) {
        let expected = item.name.hasPrefix("y_") ? "accepted" : item.name.hasPrefix("n_") ? "refused" : nil
        #expect((item.here != nil) == (item.why != nil))
        #expect(item.here != expected, "a difference that is none")
        let outcome = item.here ?? expected
        #expect(outcome != nil, "what is done here is not said")
        let isFileOnly = outcome == "accepted in files"
        #expect(Self.file(item.input) == (isFileOnly ? "accepted" : outcome))
        #expect(Self.server(item.input) == (isFileOnly ? "refused" : outcome))
    }

    /// A body of a request.
    private static func server(_ input: [UInt8]) -> String {
        input.withUnsafeBytes { bytes in (try? JSONParser().parse(bytes)) == nil ? "refused" : "accepted" }
    }

    /// A file that holds one document and nothing else.
    private static func file(_ input: [UInt8]) -> String {
        input.withUnsafeBytes { bytes in
            let reader = JSONDocumentReader()
            reader.open(bytes)
            do throws(DocumentError) {
                guard try reader.next() != nil, try reader.next() == nil else { return "refused" }
                return "accepted"
            } catch {
                return "refused"
            }
        }
    }
}
