import Policy
import TestSupport
import Testing

/// The catalogue, the ids and the fixtures are one set of rules; levels and † marks are those that were decided.
@Suite struct CatalogueTests {
    /// The severity of each rule without any flag, and † where `--strict` makes its warnings refuse.
    private static let table = """
        syntax deny
        duplicate-key deny
        type deny
        unknown-field warn †
        object-duplicate warn †
        region-name deny
        region-name-letter warn
        region-namespace warn
        region-display-name deny
        region-display-name-unique warn
        region-provider deny
        region-provider-known warn †
        region-provider-block deny
        region-provider-extra-block warn †
        region-provider-immutable deny
        region-tags-unique warn †
        region-organizations warn †
        region-domain-name deny
        region-restart warn
        region-delete-in-use warn
        kubeconfig-secret deny
        kubeconfig-secret-namespace warn †
        kubeconfig-secret-exists deny
        kubeconfig-secret-content deny
        kubeconfig-certificate-expiry deny
        nodes-empty warn
        node-id deny
        node-id-version deny
        node-id-duplicate deny
        node-id-unique deny
        node-id-removed warn
        node-name deny
        node-name-syntax warn †
        node-name-duplicate warn †
        node-name-stale warn †
        cpu-count deny
        cpu-count-small warn
        cpu-family-ignored warn
        cpu-architecture-ignored warn
        memory deny
        memory-whole warn
        memory-small warn
        disk deny
        gpu-vendor deny
        gpu-model deny
        gpu-count deny
        gpu-count-ratio warn †
        gpu-count-stale warn †
        gpu-memory deny
        openstack-endpoint deny
        openstack-secret deny
        openstack-secret-exists deny
        openstack-flavor-id deny
        openstack-quantity deny
        openstack-gpu deny
        openstack-vlan deny
        openstack-signing-key deny
        node-class deny
        node-class-version deny
        node-class-uniform deny
        node-class-declared warn †
        node-class-matches-flavor warn †
        node-class-changed warn
        node-class-removed warn
        node-class-control-plane warn
        node-class-exclusive off
        """

    @Test func catalogueIsTheTable() {
        let rows = Self.table.split(separator: "\n").map(String.init).sorted()
        let catalogue = Rule.catalogue.map { rule in
            "\(rule.id.rawValue) \(rule.level.rawValue)\(rule.isDeniedByStrict ? " †" : "")"
        }
        #expect(catalogue.sorted() == rows)
    }

    @Test func everyIDHasOneRule() {
        #expect(Rule.catalogue.map(\.id.rawValue).sorted() == RuleID.allCases.map(\.rawValue).sorted())
        for id in RuleID.allCases { #expect(Rule.rule(id)?.id == id) }
    }

    @Test func onlyWarningsAreMarked() {
        for rule in Rule.catalogue where rule.isDeniedByStrict { #expect(rule.level == .warn, "\(rule.id)") }
    }

    @Test(arguments: RuleID.allCases) func hasAPage(_ id: RuleID) throws {
        let rule = try #require(Rule.rule(id))
        for text in [rule.summary, rule.goesWrong, rule.remedy] { #expect(text.hasSuffix("."), "\(text)") }
    }

    @Test(arguments: RuleID.allCases) func hasFixtures(_ id: RuleID) {
        let fixtures = Fixture.rules.filter { $0.rule == id.rawValue }
        #expect(fixtures.contains { $0.isPass })
        #expect(fixtures.contains { $0.isFail && $0.header.rules.contains(id.rawValue) })
    }

    @Test func fixturesNameRulesThatExist() {
        let ids = Set(RuleID.allCases.map(\.rawValue))
        for fixture in Fixture.rules {
            #expect(ids.contains(fixture.rule), "\(fixture.path)")
            #expect(fixture.header.rules.isSubset(of: ids), "\(fixture.path)")
            #expect(fixture.header.hasVerdict, "\(fixture.path)")
            #expect(fixture.isPass != fixture.isFail, "\(fixture.path)")
            // A pass may have other findings, and a fail may be due to this rule only.
            #expect(fixture.header.rules.contains(fixture.rule) == fixture.isFail, "\(fixture.path)")
        }
        for fixture in Fixture.cases { #expect(fixture.header.rules.isSubset(of: ids), "\(fixture.path)") }
    }

    @Test func bothSeveritiesOfARuleHaveFixtures() {
        let split: [RuleID] = [
            .regionName, .kubeconfigSecretContent, .kubeconfigCertificateExpiry, .openstackEndpoint, .openstackVLAN,
            .openstackGPU, .nodeClassUniform,
        ]
        for id in split {
            let headers = Fixture.rules.filter { $0.rule == id.rawValue && $0.header.flags.isEmpty }.map(\.header)
            #expect(headers.contains { $0.deny.contains(id.rawValue) }, "\(id)")
            #expect(headers.contains { $0.warn.contains(id.rawValue) }, "\(id)")
        }
        // Each † rule has one that --strict refuses.
        for rule in Rule.catalogue where rule.isDeniedByStrict {
            let strict = Fixture.rules.filter { $0.rule == rule.id.rawValue && $0.header.flags.contains("--strict") }
            #expect(strict.contains { $0.header.deny.contains(rule.id.rawValue) }, "\(rule.id)")
        }
    }
}
