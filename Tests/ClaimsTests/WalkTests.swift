import Foundation
import Testing

/// No interleaving of requests, webhooks, failures and time leaves two Regions with one class id, or a lock for ever.
@Suite struct WalkTests {
    private static let isDeep = ProcessInfo.processInfo.environment["CLAIMS_WALK"] == "deep"

    @Test(arguments: isDeep ? Scenario.small + Scenario.deep : Scenario.small)
    func nothingGoesWrong(_ scenario: Scenario) {
        let found = Walk.run(scenario)
        #expect(found.fault == nil, "\(found.trace.joined(separator: "\n"))")
        #expect(found.isComplete)
        #expect(found.stored == scenario.storable)
        if Self.isDeep { print("\(scenario): \(found.states) states") }
    }

    /// The walk is able to fail: each part of the protocol is there for a reason, and without it the walk finds that.
    @Test(arguments: Variant.allCases) func everyPartIsNeeded(_ variant: Variant) {
        let found = Walk.run(variant.scenario, variant)
        #expect(found.fault == variant.fault)
        #expect(found.isComplete == (variant.fault == nil))
    }
}
