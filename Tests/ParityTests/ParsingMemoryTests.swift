import Admission
import Documents
import KubernetesTypes
import NIOCore
import Policy
import TestSupport
import Testing

@testable import WebhookServer

/// What parsers may take together: more is asked to come again, or refused where it never fits.
@Suite struct ParsingMemoryTests {
    private static let limit = 8 << 20

    private static func answer(_ processor: AdmissionProcessor, _ body: [UInt8]) throws -> ReviewOutcome {
        let padded = body + [UInt8](repeating: 0, count: reviewBodyPadding)
        var response: [UInt8] = []
        let step = padded.withUnsafeBytes {
            processor.process(
                ReviewRequest(
                    endpoint: .validate, body: UnsafeRawBufferPointer(rebasing: $0[..<body.count]),
                    deadline: .distantFuture),
                response: &response)
        }
        let outcome = if case .decided(let outcome) = step { outcome } else { try #require(nil as ReviewOutcome?) }
        #expect(response.isEmpty == (outcome.status != 200))
        return outcome
    }

    /// A review with an annotation.
    private static func review(_ value: String) -> [UInt8] {
        ReviewBody(region: RegionText.region(metadata: #","annotations":{"a":"\#(value)"}"#)).bytes
    }

    @Test func whatIsTakenIsGivenBack() throws {
        let budget = MemoryBudget(limit: Self.limit)
        let processor = AdmissionProcessor(
            admission: Admission(policy: Policy(.forTests)), parsing: budget, inventory: { Inventory() })
        // Text is no more than its size, values are many times that.
        let long = Self.review(String(repeating: "x", count: 1 << 20))
        let dense = Array(("[" + String(repeating: "1,", count: 200_000) + "1]").utf8)
        let denser = Array(("[" + String(repeating: "1,", count: 400_000) + "1]").utf8)
        let ordinary = Self.review("x")
        for _ in 0..<2 {
            #expect(try Self.answer(processor, long).status == 200)
            #expect(processor.parser.heldBytes > 0)
            // It is parsed, and no review; what that took is not kept.
            #expect(try Self.answer(processor, dense).status == 400)
            #expect(processor.parser.heldBytes == 0)
            let refused = try Self.answer(processor, denser)
            #expect(refused.status == 413 && refused.retryAfterSeconds == nil)
            #expect(refused.problem == "the body takes 10400051 bytes to be parsed; it may take \(Self.limit)")
            #expect(budget.bytes == 0)
        }
        // Others have all of it but a little.
        #expect(budget.take(Self.limit - 10_000))
        for body in [long, dense] {
            let shed = try Self.answer(processor, body)
            #expect(shed.status == 503 && shed.retryAfterSeconds == 1 && shed.isShed)
            #expect(shed.problem?.hasSuffix("others take \(Self.limit - 10_000) of \(Self.limit)") == true)
        }
        #expect(try Self.answer(processor, denser).status == 413)
        #expect(try Self.answer(processor, ordinary).status == 200)
        #expect(budget.bytes == Self.limit - 10_000)
        budget.giveBack(Self.limit - 10_000)
        #expect(try Self.answer(processor, long).status == 200)
    }
}
