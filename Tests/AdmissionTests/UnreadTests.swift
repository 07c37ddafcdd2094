import Admission
import KubernetesTypes
import Policy
import RegionAPI
import TestSupport
import Testing

/// What the server's parser leaves out of a review makes no difference.
@Suite struct UnreadTests {
    @Test func theAnswerIsTheSameWithout() throws {
        for body in DeterminismTests.cases.map(\.body) {
            for endpoint in [Endpoint.validate, .mutate] {
                let read = try Answering.bytes(body, endpoint, emptying: [])
                #expect(try Answering.bytes(body, endpoint) == read)
            }
        }
    }

    /// Whatever stands there: no type is checked, and nothing is compared with an old object.
    @Test(arguments: ["[1,{}]", #"{"capacity":{"cpu":"1"}}"#, "[]", "1", "null", #""x""#])
    func theAnswerIsTheSameWithOthers(_ other: String) throws {
        var changed: [String: Int] = [:]
        for body in DeterminismTests.cases.map(\.body) {
            let (new, pointers) = try Self.replacing(body, other)
            for pointer in pointers { changed[pointer, default: 0] += 1 }
            for endpoint in [Endpoint.validate, .mutate] {
                let read = try Answering.bytes(body, endpoint, emptying: [])
                #expect(try Answering.bytes(new, endpoint, emptying: []) == read)
                #expect(try Answering.bytes(new, endpoint) == read)
            }
        }
        #expect(AdmissionReview.unread.allSatisfy { changed[$0, default: 0] > 3 }, "\(changed)")
    }

    /// What is kept of an object for the reviews of others is the same, too.
    @Test(arguments: RecordedReview.all) func whatIsKeptIsTheSame(_ name: String) throws {
        let body = try RecordedReview.body(name)
        let records = try [[], AdmissionReview.unread].map { emptied in
            try ParsedJSON(body, emptying: emptied).read { root in
                ["object", "oldObject"].compactMap { root["request"]?[key: $0] }.map { object in
                    name.hasPrefix("node")
                        ? String(describing: NodeRecord(Node(object)))
                        : String(describing: RegionRecord(Region(object), namespace: "unikorn-region"))
                }
            }
        }
        #expect(records[0] == records[1])
        #expect(!records[0].isEmpty)
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

    /// The review with something else at every such place of an object that has one, and which those were.
    private static func replacing(_ body: [UInt8], _ other: String) throws -> (body: [UInt8], pointers: [String]) {
        try ParsedJSON(body).read { root in
            var review = JSONTree(root)
            var pointers: [String] = []
            for pointer in AdmissionReview.unread {
                let path = JSONTree.path(pointer)
                guard path.dropLast().reduce(root, { $0?[key: $1] })?.isObject == true else { continue }
                try review.set(.scalar(Array(other.utf8)), at: path)
                pointers.append(pointer)
            }
            return (review.json, pointers)
        }
    }
}
