import ArgumentParser
import KubernetesClient
import KubernetesTypes
import NIOCore
import NIOPosix
import Policy

/// Which cluster is asked, and as whom.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The cluster to ask. Without it, that of the Pod this runs in, or that of the variable KUBECONFIG.",
            valueName: "FILE"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context, in place of its current one.", valueName: "NAME"))
    var context: String?

    /// Whether either was given.
    var isGiven: Bool { kubeconfig != nil || context != nil }

    /// What it takes to reach the cluster.
    func configuration() throws -> ClientConfiguration {
        let isPod = !isGiven && InCluster.isAvailable
        guard isPod || isGiven || Kubeconfig.isInEnvironment else {
            throw UsageFailure(
                "there is no cluster to ask: this is no Pod, and neither --kubeconfig nor KUBECONFIG names one")
        }
        do throws(ClientConfigurationError) {
            if isPod { return try InCluster.configuration() }
            return try Kubeconfig.load(path: kubeconfig, context: context)
        } catch {
            throw UsageFailure(error.description)
        }
    }
}

extension ClusterOptions {
    /// Lists the cluster's Regions and Nodes, once; `visit` sees each object whole.
    func list(visit: @escaping @Sendable (Inventory.Kind, Value) -> Void = { _, _ in }) async throws -> Inventory {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let client = KubernetesClient(try configuration(), eventLoop: group.next(), version: Version.current)
        let result: Result<Inventory, KubernetesError>
        do throws(KubernetesError) {
            result = .success(try await client.inventory(visit: visit))
        } catch {
            result = .failure(error)
        }
        await client.shutDown()
        try? await group.shutdownGracefully()
        switch result {
        case .success(let inventory): return inventory
        case .failure(let error): throw UsageFailure("\(client.configuration): \(error)")
        }
    }
}

/// Where `serve` learns of the other objects.
struct InventorySourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the Regions are.", valueName: "cluster|kubeconfig=FILE|files=PATH"))
    var regionsFrom: InventorySource = .cluster

    @Option(help: ArgumentHelp("Where the Nodes are.", valueName: "cluster|kubeconfig=FILE|files=PATH"))
    var nodesFrom: InventorySource = .cluster

    @Option(
        help: ArgumentHelp(
            """
            What to do with a Region that a rule about other objects could refuse while these are not known: 'retry' has \
            the API server send it again, 'allow' lets it through with a warning.
            """, valueName: "retry|allow"))
    var whenUnknown: WhenUnknown = .retry

    @Option(
        help: ArgumentHelp(
            "How old what is known of a cluster may become, while that cannot be reached, before it counts as unknown.",
            valueName: "SECONDS"))
    var maxInventoryAge = 300

    func source(of kind: Inventory.Kind) -> InventorySource {
        switch kind {
        case .regions: regionsFrom
        case .nodes: nodesFrom
        }
    }
}

/// One source of objects.
enum InventorySource: ExpressibleByArgument, Equatable {
    /// The cluster that `--kubeconfig` or the Pod names.
    case cluster
    /// The current context of another kubeconfig.
    case kubeconfig(String)
    /// Manifests, read once.
    case files(String)

    init?(argument: String) {
        if argument == "cluster" {
            self = .cluster
            return
        }
        let parts = argument.split(separator: "=", maxSplits: 1).map { String($0) }
        guard parts.count == 2 else { return nil }
        switch parts[0] {
        case "kubeconfig": self = .kubeconfig(parts[1])
        case "files": self = .files(parts[1])
        default: return nil
        }
    }

    var defaultValueDescription: String { "cluster" }
}

enum WhenUnknown: String, ExpressibleByArgument, CaseIterable {
    case retry, allow
}
