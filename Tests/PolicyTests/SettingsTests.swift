import Policy
import TestSupport
import Testing

/// What the operator says of a rule comes before `--class-id-version`, and that before `--strict`.
@Suite struct SettingsTests {
    private static let v5 = #""4be04a2e-87e6-5ff2-b34b-2994ee1600ba""#

    private func severity(
        of rule: RuleID, _ flavor: String, _ change: (inout PolicySettings) -> Void
    ) throws -> Severity? {
        var settings = PolicySettings.forTests
        change(&settings)
        return try Judge.create(region: RegionText.region([flavor]), settings).first { $0.rule == rule }?.severity
    }

    @Test func levels() throws {
        let flavor = RegionText.flavor(1, memory: #""0""#)
        #expect(try severity(of: .memory, flavor) { _ in } == .deny)
        #expect(try severity(of: .memory, flavor) { $0.levels[.memory] = .warn } == .warn)
        #expect(try severity(of: .memory, flavor) { $0.levels[.memory] = .off } == nil)
        #expect(try severity(of: .memory, flavor) { $0.levels[.disk] = .off } == .deny)
    }

    @Test func strict() throws {
        let marked = RegionText.flavor(1, name: #""brat wurst""#)
        #expect(try severity(of: .nodeNameSyntax, marked) { _ in } == .warn)
        #expect(try severity(of: .nodeNameSyntax, marked) { $0.isStrict = true } == .deny)
        #expect(
            try severity(of: .nodeNameSyntax, marked) {
                $0.isStrict = true
                $0.levels[.nodeNameSyntax] = .warn
            } == .warn)
        let unmarked = RegionText.flavor(1, cpu: #"{"count":1}"#)
        #expect(try severity(of: .cpuCountSmall, unmarked) { $0.isStrict = true } == .warn)
        #expect(try severity(of: .cpuCountSmall, unmarked) { $0.levels[.cpuCountSmall] = .deny } == .deny)
    }

    @Test func classIDVersion() throws {
        let flavor = RegionText.flavor(1, id: Self.v5)
        #expect(try severity(of: .nodeIDVersion, flavor) { _ in } == .deny)
        #expect(try severity(of: .nodeIDVersion, flavor) { $0.acceptsAnyClassIDVersion = true } == .warn)
        #expect(
            try severity(of: .nodeIDVersion, flavor) {
                $0.acceptsAnyClassIDVersion = true
                $0.isStrict = true
            } == .warn)
        for level in Level.allCases {
            #expect(
                try severity(of: .nodeIDVersion, flavor) {
                    $0.acceptsAnyClassIDVersion = true
                    $0.levels[.nodeIDVersion] = level
                } == level.severity)
        }
    }

    /// A level replaces both severities of a rule that has two.
    @Test func bothSeverities() throws {
        let json = """
            {"metadata":{"namespace":"unikorn-region","name":"\(RegionText.name)","labels":{"unikorn-cloud.org/name":"a"}},\
            "spec":{"provider":"openstack","openstack":{"endpoint":"http://example.com","serviceAccountSecret":\
            {"name":"s"}}}}
            """
        var settings = PolicySettings.forTests
        let finding = " openstack-endpoint spec.openstack.endpoint"
        #expect(try Judge.create(region: json, settings).summaries == ["warn" + finding])
        settings.levels[.openstackEndpoint] = .deny
        #expect(try Judge.create(region: json, settings).summaries == ["deny" + finding])
        settings.levels[.openstackEndpoint] = .off
        #expect(try Judge.create(region: json, settings).isEmpty)
    }

    @Test func everyRuleCanBeTurnedOff() throws {
        for fixture in Fixture.rules where !fixture.header.isOfflineOnly {
            var world = try FixtureWorld(fixture, readKubeconfig: StandInKubeconfig.facts)
            for id in RuleID.allCases { world.flags.levels[id] = .off }
            #expect(try world.findingsOfServer().isEmpty, "\(fixture.path)")
        }
    }
}
