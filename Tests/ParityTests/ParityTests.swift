import Foundation
import KubernetesTypes
import Manifests
import Policy
import Reporting
import TestSupport
import Testing

/// What the offline validator says of a fixture is what the server says, over TLS, and both say what the fixture's header
/// says.
@Suite struct ParityTests {
    @Test(arguments: Fixture.rules + Fixture.cases)
    func filesAndServerAgree(_ fixture: Fixture) async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("parity-\(UUID().uuidString).yaml")
            .path
        try Data(fixture.bytes).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let flags = try FixtureFlags(fixture.header.flags)

        let report = try OfflineValidator(
            policy: Policy(flags.settings(isOffline: true)), sources: try ManifestSource.find([file]),
            isComplete: flags.isComplete, now: Placeholders.now
        ).run()
        let offline = Verdict(report.entries.map(\.finding))
        #expect(offline.deny == fixture.header.deny)
        // A case that says what is denied leaves open what is warned about.
        if fixture.collection == .rules || fixture.header.deny.isEmpty { #expect(offline.warn == fixture.header.warn) }
        #expect(report.entries.allSatisfy { $0.position.line > 0 && $0.position.column > 0 })

        if fixture.header.isOfflineOnly { return }
        let objects = try FixtureObject.all(in: fixture.text)
        let served = try await ParityServer.run(
            flags.settings(isOffline: false), inventory: file, isComplete: flags.isComplete
        ) { client in
            var verdict = Verdict(deny: [], warn: [])
            for object in objects where object.isJudged {
                let answer = try await client.post(object.reviewBody, to: "/validate?timeout=10s")
                #expect(answer.status == 200)
                verdict.add(try ServedVerdict(answer.body))
            }
            return verdict
        }
        // Only files can have these: the API server reads documents itself, and prunes unknown fields.
        let offlineOnly: Set<String> = ["unknown-field", "duplicate-key", "object-duplicate", "syntax"]
        #expect(served.deny == offline.deny.subtracting(offlineOnly))
        #expect(served.warn == offline.warn.subtracting(offlineOnly))
    }

    @Test func everyRuleIsJudgedByBoth() {
        let served = Fixture.rules.filter { $0.isFail && !$0.header.isOfflineOnly }.map(\.rule)
        let offlineOnly: Set<RuleID> = [.syntax, .duplicateKey, .unknownField, .objectDuplicate]
        #expect(Set(RuleID.allCases).subtracting(offlineOnly).allSatisfy { served.contains($0.rawValue) })
    }
}

/// The rules that an answer names: in its audit annotations, which list all of them.
private struct ServedVerdict {
    var deny: Set<String> = []
    var warn: Set<String> = []

    init(_ body: [UInt8]) throws {
        let root = try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
        let response = try #require(root["response"] as? [String: Any])
        let annotations = response["auditAnnotations"] as? [String: String] ?? [:]
        deny = Self.rules(annotations["denied"])
        warn = Self.rules(annotations["warned"])
        #expect(try #require(response["allowed"] as? Bool) == deny.isEmpty)
        #expect((response["warnings"] as? [String] ?? []).isEmpty == warn.isEmpty)
    }

    private static func rules(_ list: String?) -> Set<String> {
        Set((list ?? "").split(separator: ",").map(String.init))
    }
}

extension Verdict {
    fileprivate mutating func add(_ served: ServedVerdict) {
        deny.formUnion(served.deny)
        warn.formUnion(served.warn)
    }
}
