import Admission
import KubernetesTypes
import TestSupport
import Testing

/// What the server's parser leaves out of a review makes no difference.
@Suite struct UnreadTests {
    @Test func theAnswerIsTheSameWithout() throws {
        for body in DeterminismTests.bodies {
            for endpoint in [Endpoint.validate, .mutate] {
                let read = try Answering.bytes(body, endpoint, emptying: [])
                #expect(try Answering.bytes(body, endpoint) == read)
            }
        }
    }

    /// Whatever stands there: no type is checked, and nothing is compared with an old object.
    @Test(arguments: ["[1,{}]", #"{"capacity":{"cpu":"1"}}"#, "[]", "1", "null", #""x""#])
    func theAnswerIsTheSameWithOthers(_ other: String) throws {
        var changed = 0
        for body in DeterminismTests.bodies {
            let (new, count) = try Self.replacing(body, other)
            changed += count
            for endpoint in [Endpoint.validate, .mutate] {
                let read = try Answering.bytes(body, endpoint, emptying: [])
                #expect(try Answering.bytes(new, endpoint, emptying: []) == read)
                #expect(try Answering.bytes(new, endpoint) == read)
            }
        }
        #expect(changed > 200)
    }

    /// The review with something else at every such place of an object that has one, and at how many.
    private static func replacing(_ body: [UInt8], _ other: String) throws -> (body: [UInt8], count: Int) {
        try ParsedJSON(body).read { root in
            var review = JSONTree(root)
            var count = 0
            for pointer in AdmissionReview.unread {
                let path = pointer.split(separator: "/").map(String.init)
                guard path.dropLast().reduce(root, { $0?[key: $1] })?.isObject == true else { continue }
                try review.set(.scalar(Array(other.utf8)), at: path)
                count += 1
            }
            return (review.json, count)
        }
    }

    /// Most of what the API server sends is left out; this is what makes it worth the trouble.
    @Test(arguments: [
        ("region-create-eight-flavors.validate.json", 0.75), ("node-update-unrelated-label.validate.json", 0.3),
    ])
    func howMuchIsLeft(_ name: String, _ share: Double) throws {
        let body = try RecordedReview.body(name)
        let all = try ParsedJSON(body).read { $0.wordCount }
        let left = try ParsedJSON(body, emptying: AdmissionReview.unread).read { $0.wordCount }
        #expect(Double(left) < Double(all) * share, "\(left) of \(all) words")
    }
}
