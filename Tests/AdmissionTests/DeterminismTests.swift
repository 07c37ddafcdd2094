import Admission
import KubernetesTypes
import Policy
import RegionAPI
import TestSupport
import Testing

/// One review has one answer, and a defaulted object lacks nothing.
@Suite struct DeterminismTests {
    static let bodies: [[UInt8]] = {
        let fixtures = (Fixture.rules + Fixture.cases).flatMap { (try? FixtureObject.all(in: $0.text)) ?? [] }
        let recorded = RecordedReview.all.compactMap { try? RecordedReview.body($0) }
        return fixtures.filter(\.isJudged).map(\.reviewBody) + recorded
    }()

    @Test func theSameReviewTwice() throws {
        #expect(Self.bodies.count > 150)
        for body in Self.bodies {
            for endpoint in [Endpoint.validate, .mutate] {
                let first = try Answering.bytes(body, endpoint)
                #expect(try Answering.bytes(body, endpoint) == first)
            }
        }
    }

    @Test func aPatchedFixtureNeedsNoPatch() throws {
        var patched = 0
        for body in Self.bodies where try Self.mutateAgain(body) { patched += 1 }
        #expect(patched > 5)
    }

    @Test func aPatchedRandomRegionNeedsNoPatch() throws {
        var regions = RandomRegions(seed: 20_261_126)
        var patched = 0
        for number in 0..<Self.randomRegions {
            let region = regions.next()
            if number < Self.wholeReviews { _ = try Self.mutateAgain(ReviewBody(region: region).bytes) }
            patched += try ParsedJSON(region).read { root in
                let defaults = Default.all(for: Region(root), namespace: nil)
                let document = DefaultedDocument(root, defaults)
                return withExtendedLifetime(document) {
                    #expect(Default.all(for: Region(document.root), namespace: nil).isEmpty, "\(region)")
                    return defaults.isEmpty ? 0 : 1
                }
            }
        }
        #expect(patched > Self.randomRegions / 2)
    }

    private static let randomRegions = 10_000
    /// From bytes to bytes, which takes longer.
    private static let wholeReviews = 300

    /// Applies the patch to a review, if there is one, and asks for another: `mutate(mutate(x)) = mutate(x)`. What is judged
    /// is the same with the defaults written down as without.
    private static func mutateAgain(_ body: [UInt8]) throws -> Bool {
        let patch = try Answering.answer(body, .mutate).operations
        guard !patch.isEmpty else { return false }
        let patched = try ParsedJSON(body).read { root in
            var review = JSONTree(root)
            for operation in patch {
                try review.set(JSONTree(operation.value), at: ["request", "object"] + operation.keys)
            }
            return review.json
        }
        let again = try Answering.answer(patched, .mutate)
        #expect(again.response.patch == nil, "\(String(decoding: body, as: UTF8.self))")
        // An update can have no other change than its defaults.
        if try ParsedJSON(body).read({ $0["request"]?["operation"]?.text.map { $0 == "CREATE" } }) == true {
            #expect(try Answering.bytes(patched) == Answering.bytes(body), "\(String(decoding: body, as: UTF8.self))")
        }
        return true
    }

    /// By the path of the field: lists in their order, and findings of one field in the catalogue's.
    @Test func findingsAreOrderedByPosition() throws {
        var regions = RandomRegions(seed: 8)
        for _ in 0..<500 {
            let body = ReviewBody(region: regions.next()).bytes
            let causes = try Answering.answer(body).response.status?.details.causes ?? []
            let indices = causes.compactMap { Self.flavorIndex($0.field) }
            #expect(indices == indices.sorted())
        }
    }

    private static func flavorIndex(_ field: String) -> Int? {
        guard let range = field.firstRange(of: "nodes[") else { return nil }
        return Int(field[range.upperBound...].prefix { $0.isNumber })
    }
}

extension JSONTree {
    fileprivate init(_ value: AnswerDocument.Operation.Value) {
        var json: [UInt8] = []
        switch value {
        case .string(let string): json.append(jsonString: string)
        case .integer(let integer): json.append(jsonInteger: integer)
        }
        self = .scalar(json)
    }
}

extension AnswerDocument.Operation {
    /// The steps of the JSON Pointer.
    fileprivate var keys: [String] {
        path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }
}
