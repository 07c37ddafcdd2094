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
    private let isComplete: Bool
    private let stored: Stored?

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
        self.stored = stored
        self.policy = policy
        self.now = now
        reader = ManifestReader(sources: sources)
        self.isComplete = isComplete
    }

    /// Reads and judges everything. `progress` is called after each source with how many were read; a source that cannot
    /// be read is an error.
    package func run(progress: (Int) -> Void = { _ in }) throws(ManifestError) -> Report {
        var first = FirstReading(policy: policy, now: now, isComplete: isComplete, stored: stored)
        for source in reader.sources.indices {
            try reader.read(source) { first.visit($0, in: $1) }
            progress(source + 1)
        }
        var second = SecondReading(policy: policy, now: now, of: first)
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
