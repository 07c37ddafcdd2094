import Admission
import Documents
import Foundation
import KubernetesTypes
package import Policy
import RegionAPI

/// Makes facts of the text under a Secret's key `kubeconfig`.
package typealias KubeconfigReader = @Sendable (_ text: [UInt8]) -> KubeconfigFacts

/// A fixture, read: its objects, what rules compare them with, and the settings its flags ask for.
package struct FixtureWorld: Sendable {
    package let objects: [FixtureObject]
    package var flags: FixtureFlags
    package let inventory: Inventory

    package init(_ fixture: Fixture, readKubeconfig: KubeconfigReader) throws {
        objects = try FixtureObject.all(in: fixture.text)
        flags = try FixtureFlags(fixture.header.flags)
        var inventory = try Self.inventory(of: objects, isComplete: flags.isComplete, readKubeconfig)
        if flags.takesDefaultsFromNodes { inventory.applyDefaultsFromNodes() }
        self.inventory = inventory
    }

    /// Every Region, Node and Secret; the objects inside of reviews are not part of it.
    private static func inventory(
        of objects: [FixtureObject], isComplete: Bool, _ readKubeconfig: KubeconfigReader
    ) throws -> Inventory {
        var inventory = Inventory()
        inventory.isComplete = isComplete
        for object in objects {
            try ParsedJSON(object.json).read { root in
                switch object.kind {
                case "Region": inventory.add(RegionRecord(Region(root)))
                case "Node": if let record = NodeRecord(Node(root)) { inventory.add(record) }
                case "Secret": inventory.add(secret(object, root, readKubeconfig))
                default: break
                }
            }
        }
        return inventory
    }

    private static func secret(
        _ object: FixtureObject, _ root: Value, _ readKubeconfig: KubeconfigReader
    ) -> SecretRecord {
        var keys: Set<String> = []
        var kubeconfig: [UInt8]?
        for (map, isEncoded) in [(root["data"], true), (root["stringData"], false)] {
            guard let map else { continue }
            for (key, value) in map.fields {
                keys.insert(String(key))
                guard key == "kubeconfig", let text = value.text.map({ String($0) }) else { continue }
                kubeconfig = isEncoded ? Data(base64Encoded: text).map { [UInt8]($0) } : Array(text.utf8)
            }
        }
        return SecretRecord(
            object: ObjectName(namespace: object.namespace ?? "", name: object.name), keys: keys,
            kubeconfig: kubeconfig.map(readKubeconfig))
    }

    private func surroundings(isOffline: Bool, isDryRun: Bool = false) -> Surroundings {
        Surroundings(
            inventory: inventory, now: Placeholders.now, isDryRun: isDryRun,
            settings: flags.settings(isOffline: isOffline))
    }

    /// Judges every object as the server would: each as the body of a review.
    package func findingsOfServer() throws -> [Finding] {
        let admission = Admission(policy: Policy(flags.settings(isOffline: false)))
        return try objects.filter(\.isJudged).flatMap { object in
            try ParsedJSON(object.reviewBody).read { root in
                let review = try AdmissionReview(root)
                return try admission.decide(review, endpoint: .validate, inventory: inventory, now: Placeholders.now)
                    .findings
            }
        }
    }

    /// Judges every object as it stands in its file; reviews are left out.
    package func findingsOfFiles() throws -> [Finding] {
        let surroundings = surroundings(isOffline: true)
        let policy = Policy(surroundings.settings)
        return try objects.filter { $0.isJudged && !$0.isReview }.flatMap { object in
            try ParsedJSON(object.json).read { root in
                let kind: ObjectReview.Kind = object.kind == "Node" ? .node : .region
                return policy.judge(
                    ObjectReview(kind: kind, operation: .create, object: root), surroundings: surroundings)
                    + policy.schemaFindings(of: root, kind: kind)
            }
        }
    }
}

/// The rules that have findings, by severity: what a fixture's header says.
package struct Verdict: Hashable, Sendable, CustomStringConvertible {
    package var deny: Set<String>
    package var warn: Set<String>

    package init(deny: Set<String>, warn: Set<String>) {
        self.deny = deny
        self.warn = warn
    }

    package init(_ header: FixtureHeader) { self.init(deny: header.deny, warn: header.warn) }

    package init(_ findings: [Finding]) {
        deny = Set(findings.filter { $0.severity == .deny }.map(\.rule.rawValue))
        warn = Set(findings.filter { $0.severity == .warn }.map(\.rule.rawValue))
    }

    package var description: String {
        "deny: \(deny.sorted().joined(separator: " ")); warn: \(warn.sorted().joined(separator: " "))"
    }
}
