import Admission
import KubernetesTypes
import Policy
import RegionAPI
import TestSupport
import Testing

/// One review has one answer, and a defaulted object lacks nothing.
@Suite struct DeterminismTests {
    /// A review, and what it is judged with.
    struct Case: Sendable {
        let body: [UInt8]
        var settings = PolicySettings.forTests
        var inventory = Inventory()

        func answer(_ endpoint: Endpoint = .validate) throws -> [UInt8] {
            try Answering.bytes(body, endpoint, settings: settings, inventory: inventory)
        }

        /// The same with another body.
        func with(body: [UInt8]) -> Case { Case(body: body, settings: settings, inventory: inventory) }
    }

    static let cases: [Case] = {
        let fixtures = (Fixture.rules + Fixture.cases).flatMap { fixture -> [Case] in
            // What is said of the text of a kubeconfig is another test's.
            let world = try? FixtureWorld(fixture) { _ in KubeconfigFacts(faults: [], certificates: []) }
            guard let world else { return [] }
            return world.objects.filter(\.isJudged).map {
                Case(body: $0.reviewBody, settings: world.flags.settings(isOffline: false), inventory: world.inventory)
            }
        }
        return fixtures + RecordedReview.all.compactMap { try? RecordedReview.body($0) }.map { Case(body: $0) }
    }()

    @Test func theSameReviewTwice() throws {
        #expect(Self.cases.count > 150)
        for item in Self.cases {
            for endpoint in [Endpoint.validate, .mutate] {
                let first = try item.answer(endpoint)
                #expect(try item.answer(endpoint) == first)
            }
        }
    }

    @Test func aPatchedFixtureNeedsNoPatch() throws {
        let patched = try Self.cases.filter { try Self.mutateAgain($0) }
        #expect(patched.count > 5)
        #expect(patched.contains { $0.settings.takesDefaultsFromNodes })
    }

    @Test func aPatchedRandomRegionNeedsNoPatch() throws {
        var regions = RandomRegions(seed: 20_261_126)
        let patched = try (0..<10_000).filter { number in
            let item = Case(body: ReviewBody(region: regions.next()).bytes)
            return try Self.mutateAgain(item, isJudged: number < 1_000)
        }
        #expect(patched.count > 5_000)
    }

    /// Applies the patch to a review, if there is one, and asks for another: `mutate(mutate(x)) = mutate(x)`. What is judged
    /// is the same with the defaults written down as without.
    private static func mutateAgain(_ item: Case, isJudged: Bool = true) throws -> Bool {
        let patch = try AnswerDocument(item.answer(.mutate)).operations
        guard !patch.isEmpty else { return false }
        let patched = try ParsedJSON(item.body).read { root in
            var review = JSONTree(root)
            for operation in patch {
                try review.set(JSONTree(operation.value), at: ["request", "object"] + operation.keys)
            }
            return item.with(body: review.json)
        }
        let again = try AnswerDocument(patched.answer(.mutate))
        #expect(again.response.patch == nil, "\(String(decoding: item.body, as: UTF8.self))")
        // An update can have no other change than its defaults.
        if try isJudged
            && ParsedJSON(item.body).read({ $0["request"]?["operation"]?.text.map { $0 == "CREATE" } }) == true
        {
            #expect(try patched.answer() == item.answer(), "\(String(decoding: item.body, as: UTF8.self))")
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
        case .object(let object):
            self = .object(object.sorted { $0.key < $1.key }.map { ($0.key, JSONTree($0.value)) })
            return
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
