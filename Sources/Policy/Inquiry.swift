package import KubernetesTypes
import RegionAPI

/// What has to be found out, by asking a cluster, before a Region can be judged.
package struct Inquiry: Sendable {
    /// What may be asked.
    package struct Scope: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        /// Class ids are claimed.
        package static let claims = Scope(rawValue: 1)
        /// Secrets are read.
        package static let secrets = Scope(rawValue: 2)
    }

    package let region: RegionRecord
    package let change: RegionChange
    /// Whether the object is claimed for or only looked at.
    package let isDryRun: Bool
    /// The ids that the Region declares, where one of them is new, and those it declared before.
    package let ids: (declared: [ClassID], before: [ClassID])
    /// The Secrets whose reference is new.
    package let secrets: [ObjectName]
}

extension Policy {
    /// What must be asked about a Region that is written: nil for nearly all, those that bring neither a new class id nor a
    /// new reference to a Secret.
    package func inquiry(_ review: ObjectReview, isDryRun: Bool, scope: Inquiry.Scope) -> Inquiry? {
        guard !scope.isEmpty, review.kind == .region, review.operation == .create || review.operation == .update,
            let object = review.object
        else { return nil }
        let region = Region(object)
        let old = review.oldObject.map { Region($0) }
        if let old, !region.differs(from: old) { return nil }
        let record = RegionRecord(region, namespace: review.namespace ?? "")
        let change = RegionChange(old: old.map { RegionRecord($0, namespace: review.namespace ?? "") })
        // Of an object that is on its way out only new ids are judged.
        let isBeingDeleted = old != nil && region.metadata.isBeingDeleted
        let secrets = scope.contains(.secrets) && !isBeingDeleted ? secrets(of: record, change) : []
        let claims = scope.contains(.claims) && settings.severity(of: .nodeIDUnique, nil) == .deny
        let declared = record.flavors.map(\.id).filter { !$0.isEmpty }
        let isAnyNew = claims && declared.contains { change.isNew(id: $0) }
        guard isAnyNew || !secrets.isEmpty else { return nil }
        return Inquiry(
            region: record, change: change, isDryRun: isDryRun,
            ids: isAnyNew ? (declared, change.old?.flavors.map(\.id) ?? []) : ([], []), secrets: secrets)
    }

    /// The Secrets that rules judge a Region by, as it stands or for what a change points it at.
    package func secrets(of record: RegionRecord, _ change: RegionChange = RegionChange(old: nil)) -> [ObjectName] {
        [\RegionRecord.kubeconfigSecret, \.openstackSecret].compactMap { reference in
            guard let secret = record[keyPath: reference], change.changesSecret(reference, of: record),
                isJudged(reference, of: record)
            else { return nil }
            return secret
        }
    }

    /// A Secret is read only for a rule that is on, and only where its name is one that can exist.
    private func isJudged(_ reference: KeyPath<RegionRecord, ObjectName?>, of record: RegionRecord) -> Bool {
        let rules = reference == \RegionRecord.kubeconfigSecret ? Rule.aboutKubeconfigSecret : Rule.aboutOpenstackSecret
        guard let secret = record[keyPath: reference], !secret.name.isEmpty, !secret.namespace.isEmpty else {
            return false
        }
        return rules.contains { settings.severity(of: $0, nil) != nil }
    }

    /// Whether the rules about other objects refuse a Region by what has been found out so far; then nothing is claimed.
    package func refuses(_ inquiry: Inquiry, surroundings: Surroundings) -> Bool {
        var findings = Findings(settings)
        for check in Checks.all.regionInventory { check.run(inquiry.region, inquiry.change, surroundings, &findings) }
        return findings.list.contains { $0.severity == .deny }
    }
}

extension Rule {
    fileprivate static let aboutKubeconfigSecret: [Rule] = [
        .kubeconfigSecretExists, .kubeconfigSecretContent, .kubeconfigCertificateExpiry,
    ]
    fileprivate static let aboutOpenstackSecret: [Rule] = [.openstackSecretExists]

    /// The rules that read a Secret.
    package static let aboutSecrets = Set((aboutKubeconfigSecret + aboutOpenstackSecret).map(\.id))
}
