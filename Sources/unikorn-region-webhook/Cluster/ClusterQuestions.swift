import Admission
import Claims
import Glibc
import KubernetesClient
import Logging
import Manifests
import Policy
import ServiceLifecycle
import WebhookServer

/// What `serve` asks of a cluster for single reviews: class ids are claimed, and Secrets read.
final class ClusterQuestions: Service {
    private let claimer: Claimer?
    private let facts: ClusterFacts

    init(
        _ client: KubernetesClient, _ admission: Admission, _ mode: UniquenessMode, _ options: UniquenessOptions,
        inventory: @escaping @Sendable () -> Inventory, logger: Logger
    ) throws {
        let timeToLive = try options.timeToLive()
        let namespace =
            options.claimNamespace ?? client.configuration.namespace ?? UniquenessOptions.standardNamespace
        if mode == .claims, timeToLive <= ClaimLimits.usualRequestTimeout {
            logger.warning(
                """
                --claim-ttl is safe only where the API server's --request-timeout is shorter: an id that is claimed may be \
                declared by another Region before the write that claimed it is stored
                """,
                metadata: ["claim-ttl": "\(timeToLive.components.seconds)"])
        }
        claimer =
            mode == .claims
            ? Claimer(client, namespace: namespace, timeToLive: timeToLive, logger: logger) : nil
        facts = ClusterFacts(
            client, admission: admission, claimer: claimer, inventory: inventory,
            readSecret: { SecretReader.record($0) }, now: { Int64(time(nil)) }, logger: logger)
    }

    var finder: FactFinder { { [facts] in await facts.find($0, until: $1) } }

    /// Removes claims that are left behind, until the service group shuts down.
    func run() async throws {
        guard let claimer else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown { await claimer.collect() }
    }

    func addMetrics(to metrics: MetricsRegistry) {
        guard let counts = claimer?.counts else { return }
        metrics.add { text in
            let claims = MetricsRegistry.prefix + "claims_total"
            text.family(claims, .counter, "Reviews that claimed class ids, by what came of it.")
            for (outcome, kind) in [
                ("unique", ClaimCounts.Kind.unique), ("declared", .declared), ("in_flight", .inFlight),
                ("unavailable", .unavailable),
            ] {
                text.sample(claims, counts[kind], [("outcome", outcome)])
            }
            for (name, help, kind) in [
                ("claim_looks_total", "Lists of all Regions made for claims.", ClaimCounts.Kind.look),
                ("claims_collected_total", "Claims that were left behind and removed.", .collected),
                ("claim_sweeps_failed_total", "Failed lists of claims that may be left behind.", .failedSweep),
            ] {
                text.family(MetricsRegistry.prefix + name, .counter, help)
                text.sample(MetricsRegistry.prefix + name, counts[kind])
            }
        }
    }
}
