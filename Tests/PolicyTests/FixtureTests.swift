import Policy
import TestSupport
import Testing

/// Every fixture gets the verdict that its header says, from the core and from the server's way in.
@Suite struct FixtureTests {
    /// What only a reader of files can see.
    private static let readingRules: Set<String> = ["syntax", "duplicate-key", "unknown-field", "object-duplicate"]

    @Test(arguments: Fixture.rules.filter { !$0.header.isOfflineOnly })
    func server(_ fixture: Fixture) throws {
        let world = try FixtureWorld(fixture, readKubeconfig: StandInKubeconfig.facts)
        let findings = try world.findingsOfServer()
        #expect(Verdict(findings) == Verdict(fixture.header), "\(findings.map(\.line).joined(separator: "\n"))")
    }

    @Test(arguments: Fixture.rules.filter { $0.header.rules.isDisjoint(with: readingRules) })
    func files(_ fixture: Fixture) throws {
        let world = try FixtureWorld(fixture, readKubeconfig: StandInKubeconfig.facts)
        guard !world.objects.contains(where: \.isReview) else { return }
        let findings = try world.findingsOfFiles()
        #expect(Verdict(findings) == Verdict(fixture.header), "\(findings.map(\.line).joined(separator: "\n"))")
    }

    /// The manifests whose verdict was decided before any code was.
    @Test(arguments: Fixture.cases)
    func cases(_ fixture: Fixture) throws {
        let world = try FixtureWorld(fixture, readKubeconfig: StandInKubeconfig.facts)
        let verdict = Verdict(try world.findingsOfServer())
        #expect(verdict.deny == fixture.header.deny)
        if fixture.header.deny.isEmpty { #expect(verdict.warn == fixture.header.warn.subtracting(Self.readingRules)) }
    }
}
