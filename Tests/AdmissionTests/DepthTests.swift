import Admission
import Documents
import KubernetesTypes
import Policy
import TestSupport
import Testing

/// Reviews as deep as a document may be are decided on the stack of an event loop's thread: copying for defaults, comparing
/// with the old object and quoting a value all go down as far as the document does.
@Suite struct DepthTests {
    /// A field, and how many levels of the review stand around its value.
    static let places: [(field: String, around: Int)] = [
        (#""zzz":"#, 4), (#""tags":"#, 4), (#""openstack":"#, 4), (#""security":"#, 4),
    ]

    private static func region(_ field: String, _ nesting: Nesting, _ depth: Int) -> String {
        // A flavor without a name, so that the whole object is copied with its defaults.
        let region = RegionText.region([RegionText.flavor(1, name: .some(nil))])
        let value = field + nesting.json(depth)
        return region.replacing(#""spec":{"#, with: #""spec":{\#(value),"#)
    }

    @Test(arguments: 0..<places.count, Nesting.allCases)
    func deepestReview(_ index: Int, _ nesting: Nesting) throws {
        let (field, around) = Self.places[index]
        let object = Self.region(field, nesting, DocumentLimits.depth - around)
        let other = object.replacing(#""provider":"kubernetes","#, with: "")
            .replacing(#""spec":{"#, with: #""spec":{"provider":"kubernetes","#)
        for body in [ReviewBody(region: object), ReviewBody(region: object, old: other, operation: "UPDATE")] {
            for endpoint in [Endpoint.validate, .mutate] {
                let bytes = body.bytes
                let answer = try SmallStack.run { try Answering.bytes(bytes, endpoint) }
                #expect(try AnswerDocument(answer).kind == "AdmissionReview")
                #expect(answer.count < 16_384)
            }
        }
        let deeper = Self.region(field, nesting, DocumentLimits.depth - around + 1)
        #expect(throws: DocumentError.self) { try Answering.bytes(ReviewBody(region: deeper).bytes) }
    }

    /// A value of a wrong type is quoted, shortened.
    @Test(arguments: ["memory", "cpu", "id", "gpu", "name"], Nesting.allCases)
    func deepestFlavorField(_ field: String, _ nesting: Nesting) throws {
        // review, request, object, spec, kubernetes, nodes, flavor
        let value = nesting.json(DocumentLimits.depth - 7)
        let flavor = RegionText.flavor(1).dropLast() + #","\#(field)":\#(value)}"#
        let body = ReviewBody(region: RegionText.region([String(flavor)])).bytes
        let answer = try SmallStack.run { try Answering.bytes(body) }
        #expect(answer.count < 16_384)
        let response = try AnswerDocument(answer).response
        #expect(response.status?.message.unicodeScalars.allSatisfy(PrintableText.isSafe) != false)
    }
}
