import KubernetesClient
import Logging
import NIOCore
import NIOPosix
import Policy
import ServiceLifecycle
import WebhookServer

/// The inventory of `serve`, kept in step with the clusters it comes from.
final class ClusterInventory: Service {
    let feed: InventoryFeed
    /// That of the cluster which sends the reviews.
    let client: KubernetesClient?
    private let clients: [KubernetesClient]
    private let reflectors: [Reflector]
    private let group: MultiThreadedEventLoopGroup
    private let kinds: [Inventory.Kind]
    /// Nothing where no cluster is there to hold its Lease, or none is wanted.
    private let audit: PeriodicAudit?

    /// Reads kubeconfigs, credentials and files, and connects nowhere yet. The inventory is audited by `policy` every
    /// `auditSeconds`; 0 is never.
    init(
        _ cluster: ClusterOptions, _ options: InventorySourceOptions, policy: Policy, auditSeconds: Int, logger: Logger
    ) throws {
        guard options.maxInventoryAge > 0 else {
            throw UsageFailure("--max-inventory-age is 1 or more seconds, found \(options.maxInventoryAge)")
        }
        feed = InventoryFeed(maximumAge: .seconds(Int64(options.maxInventoryAge)))
        kinds = Inventory.Kind.allCases
        // Sockets of their own thread: a large list is decoded on it while reviews are answered on others.
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var clients: [(source: InventorySource, client: KubernetesClient)] = []
        var reflectors: [Reflector] = []
        for kind in kinds {
            let source = options.source(of: kind)
            if case .files(let path) = source {
                feed.fix(kind, to: try InventoryOptions.load([path]), from: path)
                continue
            }
            if !clients.contains(where: { $0.source == source }) {
                let configuration = try Self.configuration(source, cluster)
                clients.append(
                    (source, KubernetesClient(configuration, eventLoop: group.next(), version: Version.current)))
            }
            guard let client = clients.first(where: { $0.source == source })?.client else { continue }
            feed.expect(kind, from: client.configuration.origin)
            reflectors.append(Reflector(kind, of: client, into: feed, logger: logger))
        }
        let client = clients.first { $0.source == .cluster }?.client
        self.client = client
        audit = client.flatMap { [feed] client in
            auditSeconds == 0
                ? nil
                : PeriodicAudit(
                    policy: policy, feed: feed, client: client, interval: .seconds(auditSeconds), logger: logger)
        }
        self.clients = clients.map(\.client)
        self.reflectors = reflectors
    }

    private static func configuration(
        _ source: InventorySource, _ cluster: ClusterOptions
    ) throws -> ClientConfiguration {
        guard case .kubeconfig(let path) = source else { return try cluster.configuration() }
        do throws(ClientConfigurationError) {
            return try Kubeconfig.load(path: path)
        } catch {
            throw UsageFailure(error.description)
        }
    }

    /// Keeps watching until the service group shuts down, which it does after the server that reads from here.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { tasks in
                for reflector in self.reflectors { tasks.addTask { await reflector.run() } }
                if let audit = self.audit { tasks.addTask { await audit.run() } }
            }
        }
        for client in clients { await client.shutDown() }
        try? await group.shutdownGracefully()
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
