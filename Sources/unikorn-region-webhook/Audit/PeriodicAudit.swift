import Glibc
import KubernetesClient
import KubernetesTypes
import Logging
import Manifests
import NIOCore
import Policy
import RegionAPI
import Synchronization
import WebhookServer

/// The audit of `serve`: again and again, all rules over all objects of the inventory, by one replica.
///
/// It finds what no request shows: ids declared twice while no webhook was there, Nodes whose capacity changed under their
/// class. What is new or gone is logged once, what is new becomes an Event of the object, and metrics count it by rule.
final class PeriodicAudit: Sendable {
    /// Lines of one kind, and Events, that one audit writes: a cluster without the webhook for a year has thousands, and
    /// metrics count them all.
    static let maximumLines = 100

    /// Of the shipped manifests. The Lease lies in the Pod's own namespace, or the context's.
    private static let standardNamespace = "unikorn-region-webhook"

    private struct State {
        var findings = AuditFindings()
        var isLeader = false
        var runs = 0
        var failures = 0
        var hasLostEvents = false
        var unjudgedSecrets: [ObjectName: String] = [:]
    }

    private let policy: Policy
    private let feed: InventoryFeed
    private let clients: SourceClients
    /// What was found in objects that come from files.
    private let files: ClusterAudit
    private let interval: Duration
    private let lease: AuditLeaseObject
    private let identity: String
    private let logger: Logger
    private let state = Mutex(State())

    /// Its Lease lies in the cluster that sends the reviews, or else in that of the Regions, or of the Nodes; nil where all
    /// is in files.
    init?(
        policy: Policy, feed: InventoryFeed, clients: SourceClients, files: ClusterAudit, interval: Duration,
        logger: Logger
    ) {
        guard let client = clients.cluster ?? clients[.regions] ?? clients[.nodes] else { return nil }
        self.policy = policy
        self.feed = feed
        self.clients = clients
        self.files = files
        self.interval = interval
        self.logger = logger
        lease = AuditLeaseObject(
            client: client, namespace: client.configuration.namespace ?? Self.standardNamespace)
        var name = [UInt8](repeating: 0, count: 256)
        let hasName = name.withUnsafeMutableBytes { buffer in
            buffer.withMemoryRebound(to: CChar.self) { buffer in
                buffer.baseAddress.map { gethostname($0, buffer.count - 1) == 0 } ?? false
            }
        }
        let host = hasName ? String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) : "unknown"
        // A Pod's name; the number tells one process of a machine from the next.
        identity = "\(host)_\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    /// Runs until its task is cancelled.
    func run() async {
        // A holder that is gone is noticed within the second interval after its last renewal.
        var lease = AuditLease(identity: identity, duration: interval * 2)
        while true {
            // Spread over a fifth of the interval.
            do { try await Task.sleep(for: interval * Double.random(in: 0.9..<1.1)) } catch { return }
            await auditIfLeader(&lease)
        }
    }

    private func auditIfLeader(_ lease: inout AuditLease) async {
        do throws(KubernetesError) {
            let isLeader = try await self.lease.hold(&lease)
            state.withLock { state in
                state.isLeader = isLeader
                // Another one counts now.
                if !isLeader {
                    state.findings.forget()
                    state.unjudgedSecrets = [:]
                }
            }
            if isLeader { try await audit() }
        } catch {
            if error.kind == .cancelled || error.kind == .shutDown { return }
            state.withLock { $0.failures += 1 }
            logger.warning("the audit failed; it is tried again", metadata: ["error": "\(error)"])
        }
    }

    /// One audit. Regions are read whole, once more, by the rules that look at one, and the Secrets they name one by one; the
    /// rest comes from the inventory.
    private func audit() async throws(KubernetesError) {
        let inventory = feed.snapshot()
        let audit = ClusterAudit(policy: policy, now: Int64(time(nil)))
        audit.take(files)
        var secrets = SecretLookup.Answer()
        if inventory.gap(.regions) == nil, inventory.knowsRegions, let client = clients[.regions] {
            var options = ListOptions()
            // What the API server's cache holds is as new as the inventory.
            options.resourceVersion = "0"
            _ = try await client.list(.regions, options: options) { audit.visit(.regions, $0) }
            secrets = await SecretLookup(client) { SecretReader.record($0) }.read(audit.secrets(of: inventory))
        }
        audit.visitNodes(of: inventory)
        note(secrets)
        let found = audit.finish(inventory, secrets: secrets.states)
        let (new, gone) = state.withLock { state in
            state.runs += 1
            return state.findings.replace(found) { found in
                // What is not known for the moment is not gone.
                secrets.failure != nil && found.isAboutSecret
                    && !policy.secrets(ofRegion: found.object, inventory).allSatisfy { secrets.states[$0] != nil }
            }
        }
        log(new, "found by the audit")
        log(gone, "no longer found by the audit")
        for found in new.prefix(Self.maximumLines) where isForEverybody(found, inventory) {
            await report(found, uid: audit.uid(of: found))
        }
    }

    /// Says which Secrets cannot be judged, where that is new.
    private func note(_ secrets: SecretLookup.Answer) {
        let isNew = state.withLock { state in
            defer { state.unjudgedSecrets = secrets.unjudged }
            return state.unjudgedSecrets != secrets.unjudged
        }
        if isNew {
            for (reason, count) in secrets.reasons {
                logger.warning(
                    "Secrets cannot be judged by the audit", metadata: ["count": "\(count)", "reason": "\(reason)"])
            }
        }
        if let failure = secrets.failure {
            logger.warning("Secrets could not be read by the audit", metadata: ["error": "\(failure)"])
        }
    }

    /// An Event is for who may read the object. What is found in a Secret of another namespace is not theirs to learn, as
    /// for who writes the object: the log has it.
    private func isForEverybody(_ found: ClusterAudit.Found, _ inventory: Inventory) -> Bool {
        guard found.isAboutSecret else { return true }
        return policy.secrets(ofRegion: found.object, inventory).allSatisfy { $0.namespace == found.object.namespace }
    }

    private func log(_ found: [ClusterAudit.Found], _ message: Logger.Message) {
        for found in found.prefix(Self.maximumLines) {
            logger.warning(
                message,
                metadata: [
                    "rule": "\(found.finding.rule.rawValue)", "severity": "\(found.finding.severity.rawValue)",
                    "object": "\(found.subject)", "finding": "\(found.finding.line)",
                ])
        }
        if found.count > Self.maximumLines {
            logger.warning(message, metadata: ["more": "\(found.count - Self.maximumLines)"])
        }
    }

    /// An Event of the object. One that cannot be written is no reason to stop.
    private func report(_ found: ClusterAudit.Found, uid: String?) async {
        // Where the object is; nowhere for one of a file.
        guard let client = clients[found.kind == Region.kind ? .regions : .nodes] else { return }
        let event = AuditEvent(found: found, uid: uid, reporter: identity)
        do throws(KubernetesError) {
            _ = try await client.send(.create(.events, namespace: event.namespace, event.json))
        } catch {
            let isFirst = state.withLock { state in
                defer { state.hasLostEvents = true }
                return !state.hasLostEvents
            }
            guard isFirst else { return }
            logger.warning(
                "an Event could not be written; the next that cannot are not mentioned", metadata: ["error": "\(error)"]
            )
        }
    }

    func addMetrics(to metrics: MetricsRegistry) {
        metrics.add { [self] text in
            let (counts, isLeader, runs, failures, unjudged) = state.withLock {
                ($0.findings.counts, $0.isLeader, $0.runs, $0.failures, $0.unjudgedSecrets.count)
            }
            let prefix = MetricsRegistry.prefix
            text.family("\(prefix)audit_findings", .gauge, "Findings of the last audit; of the replica that audits.")
            for (rule, severity, count) in counts {
                text.sample(
                    "\(prefix)audit_findings", count,
                    [("rule", rule.rawValue), ("severity", severity.rawValue)])
            }
            text.family(
                "\(prefix)audit_unjudged_secrets", .gauge, "Secrets of Regions that the last audit could not judge.")
            text.sample("\(prefix)audit_unjudged_secrets", unjudged)
            text.family("\(prefix)audit_leader", .gauge, "Whether this replica audits.")
            text.sample("\(prefix)audit_leader", isLeader ? 1 : 0)
            text.family("\(prefix)audits_total", .counter, "Audits of this replica.")
            text.sample("\(prefix)audits_total", runs)
            text.family("\(prefix)audit_failures_total", .counter, "Audits that could not be made.")
            text.sample("\(prefix)audit_failures_total", failures)
        }
    }
}

extension Policy {
    /// The Secrets that a Region of an inventory is judged by.
    fileprivate func secrets(ofRegion name: ObjectName, _ inventory: Inventory) -> [ObjectName] {
        inventory.region(name).map { secrets(of: $0) } ?? []
    }
}

extension ClusterAudit.Found {
    /// Whether it says something of a Secret.
    fileprivate var isAboutSecret: Bool { Rule.aboutSecrets.contains(finding.rule) }
}
