import FuzzTargets
import Testing

/// Every seed of the fuzz targets, among them what once broke something, through the same functions.
@Suite struct SeedTests {
    struct Case: Sendable, CustomStringConvertible {
        let target: FuzzTarget
        let seed: FuzzTarget.Seed
        var description: String { "\(target) \(seed)" }
    }

    static let cases: [Case] = FuzzTarget.all.flatMap { target in
        ((try? target.seeds()) ?? []).map { Case(target: target, seed: $0) }
    }

    @Test(arguments: cases)
    func seed(_ item: Case) throws {
        try item.target.run(item.seed.bytes)
    }

    @Test(arguments: FuzzTarget.all)
    func everyTargetHasSeeds(_ target: FuzzTarget) throws {
        #expect(try target.seeds().count >= 10)
    }
}
