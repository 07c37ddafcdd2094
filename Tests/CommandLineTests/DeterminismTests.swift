import Foundation
import TestSupport
import Testing

/// Every process hashes with a seed of its own, so that an order that comes from a dictionary differs from run to run.
@Suite(.oneAtATime) struct DeterminismTests {
    private static let runs = 3

    /// The output of several runs is one.
    private func output(_ arguments: [String], input: String? = nil) async throws -> String {
        var outputs: Set<String> = []
        for _ in 0..<Self.runs {
            let run = try await Program.run(arguments, input: input)
            #expect(run.code == 0 || run.code == 1, "\(run)")
            outputs.insert(run.output)
        }
        #expect(outputs.count == 1)
        return outputs.first ?? ""
    }

    @Test(arguments: [["-o", "json"], []])
    func everyFixtureAtOnce(_ flags: [String]) async throws {
        let output = try await output(["validate", Program.fixture("rules"), Program.fixture("cases")] + flags)
        #expect(output.utf8.count > 10_000)
    }

    @Test(arguments: RecordedReview.all)
    func recordedReview(_ name: String) async throws {
        let flags = name.hasSuffix(".mutate.json") ? ["--mutate"] : []
        let inventory = ["--inventory", Program.fixture("cases/seed-region.yaml")]
        let output = try await output(["review", Program.fixture("admission-reviews/\(name)")] + flags + inventory)
        #expect(output.contains("\"response\""))
    }

    /// All that an answer has: a status with causes, warnings, annotations of several rules.
    @Test func aReviewWithManyFindings() async throws {
        let text = String(
            decoding: try Data(contentsOf: URL(fileURLWithPath: Program.fixture("cases/everything-wrong.yaml"))),
            as: UTF8.self)
        let object = try #require(try FixtureObject.all(in: text).first(where: \.isJudged))
        let body = String(decoding: object.reviewBody, as: UTF8.self)
        let output = try await output(["review", "-"], input: body)
        #expect(output.contains("\"causes\"") && output.contains("\"warnings\"") && output.contains("\"denied\""))
    }
}
