import Glibc
import KubernetesClient
import Logging
import NIOCore
import Policy
import ServiceLifecycle
import WebhookServer

/// The inventory of `serve`, kept in step with the clusters it comes from.
final class ClusterInventory: Service {
    let feed: InventoryFeed
    private let clients: SourceClients
    private let reflectors: [Reflector]
    private let kinds = Inventory.Kind.allCases
    /// Nothing where no cluster is there to hold its Lease, or none is wanted.
    private let audit: PeriodicAudit?

    /// Reads kubeconfigs, credentials and files, and connects nowhere yet. The inventory is audited by `policy` every
    /// `auditSeconds`; 0 is never.
    init(
        _ cluster: ClusterOptions, _ sources: [Inventory.Kind: InventorySource], maximumAge: Int, policy: Policy,
        auditSeconds: Int, logger: Logger
    ) throws {
        guard maximumAge > 0 else {
            throw UsageFailure("--max-inventory-age is 1 or more seconds, found \(maximumAge)")
        }
        feed = InventoryFeed(maximumAge: .seconds(Int64(maximumAge)))
        // What files hold does not change: it is judged once.
        let files = ClusterAudit(policy: policy, now: Int64(time(nil)))
        for case (let kind, .files(let path)?) in kinds.map({ ($0, sources[$0]) }) {
            let inventory = try InventoryOptions.load([path]) {
                if kind == .regions, $0 == kind { files.visit($0, $1) }
            }
            feed.fix(kind, to: inventory, from: path)
        }
        clients = try SourceClients(cluster, sources)
        reflectors = kinds.compactMap { [clients, feed] kind in
            guard let client = clients[kind] else { return nil }
            feed.expect(kind, from: client.configuration.origin)
            return Reflector(kind, of: client, into: feed, logger: logger)
        }
        audit =
            auditSeconds == 0
            ? nil
            : PeriodicAudit(
                policy: policy, feed: feed, clients: clients, files: files, interval: .seconds(auditSeconds),
                logger: logger)
    }

    /// That of the cluster which sends the reviews.
    var client: KubernetesClient? { clients.cluster }

    /// Keeps watching until the service group shuts down, which it does after the server that reads from here.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { tasks in
                for reflector in self.reflectors { tasks.addTask { await reflector.run() } }
                if let audit = self.audit { tasks.addTask { await audit.run() } }
            }
        }
        await clients.shutDown()
    }

    // MARK: What operators see

    /// Adds a check for each kind. The first list is waited for; after that what is known serves, and what is wrong with it
    /// is said. So is what somebody has to put right before there can be a list.
    func addChecks(to readiness: ReadinessChecks) {
        for kind in kinds {
            let feed = feed
            readiness.add("inventory-\(kind.rawValue.lowercased())") {
                guard let health = feed.health(of: kind) else { return .ok }
                let gap = feed.gap(kind)
                let problem = [gap?.reason, health.error?.description].compactMap { $0 }.joined(separator: ": ")
                if !health.isSynced, gap?.isPassing == true { return .failed(problem) }
                return problem.isEmpty ? .ok : .notice(problem)
            }
        }
    }

    func addMetrics(to metrics: MetricsRegistry) {
        audit?.addMetrics(to: metrics)
        let (feed, kinds) = (feed, kinds)
        metrics.add { text in
            for family in MetricFamily.all {
                let name = MetricsRegistry.prefix + family.name
                text.family(name, family.kind, family.help)
                for kind in kinds {
                    guard let health = feed.health(of: kind) else { continue }
                    text.sample(name, family.value(health), [("kind", kind.rawValue.lowercased())])
                }
            }
        }
    }
}

/// What `/metrics` says of the inventory, for each kind.
private struct MetricFamily: Sendable {
    let name: String
    let kind: MetricsText.Kind
    let help: String
    let value: @Sendable (InventoryFeed.Health) -> Int

    private init(
        _ name: String, _ kind: MetricsText.Kind, _ help: String,
        _ value: @escaping @Sendable (InventoryFeed.Health) -> Int
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.value = value
    }

    static let all = [
        MetricFamily("inventory_objects", .gauge, "Objects that rules about several objects see.") { $0.objects },
        MetricFamily("inventory_synced", .gauge, "Whether there has been a complete list.") { $0.isSynced ? 1 : 0 },
        MetricFamily("inventory_age_seconds", .gauge, "Since the API server last gave a sign of life.") {
            Int($0.age.nanoseconds / 1_000_000_000)
        },
        MetricFamily("inventory_lists_total", .counter, "Complete lists.") { $0.lists },
        MetricFamily("inventory_events_total", .counter, "Events of watches.") { $0.events },
        MetricFamily("inventory_failures_total", .counter, "Lists and watches that failed.") { $0.failures },
    ]
}
