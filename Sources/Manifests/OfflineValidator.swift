package import KubernetesTypes
package import Policy
package import Reporting

/// Judges manifests by the same rules as the server.
///
/// Each source is read once: objects are judged by themselves, and what rules about several objects need of them is
/// kept. Then those rules run over what was kept, and only the documents that one of them found something in are read
/// again, for the places. So memory grows with the inventory, not with the documents.
package final class OfflineValidator {
    private let policy: Policy
    private let now: Int64
    private let reader: ManifestReader
    private var first: FirstReading

    /// What a cluster holds besides the sources.
    package struct Stored: Sendable {
        package let inventory: Inventory
        /// Where objects go that say no namespace.
        package let namespace: String

        package init(inventory: Inventory, namespace: String) {
            self.inventory = inventory
            self.namespace = namespace
        }
    }

    /// With `isComplete`, what the sources do not hold does not exist. Certificates are judged by `now`, in seconds since
    /// 1970, UTC.
    package init(
        policy: Policy, sources: [ManifestSource], isComplete: Bool, now: Int64, stored: Stored? = nil
    ) {
        self.policy = policy
        self.now = now
        reader = ManifestReader(sources: sources)
        first = FirstReading(policy: policy, now: now, isComplete: isComplete, stored: stored)
    }

    /// Reads and judges everything. `progress` is called after each source with how many were read; a source that cannot
    /// be read is an error.
    package func run(progress: (Int) -> Void = { _ in }) throws(ManifestError) -> Report {
        try read(progress: progress)
        return try report()
    }

    /// The first reading; `report` makes what is found in it.
    package func read(progress: (Int) -> Void = { _ in }) throws(ManifestError) {
        for source in reader.sources.indices {
            try reader.read(source) { first.visit($0, in: $1) }
            progress(source + 1)
        }
    }

    /// The Secrets that rules would judge Regions of the sources by, and that the sources do not hold.
    package var wantedSecrets: [ObjectName] {
        let names = first.regions.flatMap { policy.secrets(of: $0.record) }
        return Set(names).filter { first.inventory.secrets[$0] == nil }.sorted()
    }

    /// Everything that was found. `secrets` is what has been found out about others than those of the sources.
    package func report(secrets: [ObjectName: SecretState] = [:]) throws(ManifestError) -> Report {
        var second = SecondReading(policy: policy, now: now, of: first, secrets: secrets)
        for source in second.sources {
            try reader.read(source) { second.visit($0, in: $1) }
        }
        var report = Report()
        report.summary = first.summary
        report.summary.files = reader.sources.count
        report.entries = first.entries + second.entries(reader.sources)
        report.sort()
        report.summary.errors = report.entries.count { $0.finding.severity == .deny }
        report.summary.warnings = report.entries.count - report.summary.errors
        return report
    }
}
