import KubernetesClient
import KubernetesTypes
import Manifests
import NIOCore
import NIOPosix
import Policy
import RegionAPI

/// The clusters that objects come from: one client for each, however many kinds of objects it has.
final class SourceClients: Sendable {
    private let sources: [Inventory.Kind: InventorySource]
    private let clients: [(source: InventorySource, client: KubernetesClient)]
    private let group: MultiThreadedEventLoopGroup

    /// Reads kubeconfigs and credentials, and connects nowhere yet. What `sources` does not say comes from the cluster.
    init(_ cluster: ClusterOptions, _ sources: [Inventory.Kind: InventorySource] = [:]) throws {
        self.sources = sources
        // Sockets of their own thread: a large list is decoded on it while reviews are answered on others.
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.group = group
        var clients: [(source: InventorySource, client: KubernetesClient)] = []
        for kind in Inventory.Kind.allCases {
            let source = sources[kind] ?? .cluster
            if case .files = source { continue }
            if clients.contains(where: { $0.source == source }) { continue }
            let configuration = try Self.configuration(source, cluster)
            clients.append(
                (source, KubernetesClient(configuration, eventLoop: group.next(), version: Version.current)))
        }
        self.clients = clients
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

    func source(of kind: Inventory.Kind) -> InventorySource { sources[kind] ?? .cluster }

    /// Who has the objects of a kind; nil where they are files.
    subscript(kind: Inventory.Kind) -> KubernetesClient? {
        clients.first { $0.source == source(of: kind) }?.client
    }

    /// The cluster that sends the reviews, if anything comes from it.
    var cluster: KubernetesClient? { clients.first { $0.source == .cluster }?.client }

    func shutDown() async {
        for (_, client) in clients { await client.shutDown() }
        try? await group.shutdownGracefully()
    }
}

extension SourceClients {
    /// Does something with the clusters, and leaves them. What they answer wrongly is bad usage: the command ends with it.
    static func with<Answer>(
        _ cluster: ClusterOptions, _ sources: [Inventory.Kind: InventorySource] = [:],
        _ body: (SourceClients) async throws -> Answer
    ) async throws -> Answer {
        let clients = try SourceClients(cluster, sources)
        let result: Result<Answer, any Error>
        do {
            result = .success(try await body(clients))
        } catch {
            result = .failure(error)
        }
        await clients.shutDown()
        return try result.get()
    }

    /// Lists the Regions and Nodes, once, those of files with the Secrets beside them; `visit` sees each object, those
    /// of a cluster without their `UnreadFields`.
    func list(
        visit: @escaping @Sendable (Inventory.Kind, Value) -> Void = { _, _ in }
    ) async throws -> Inventory {
        var inventory = Inventory()
        for kind in Inventory.Kind.allCases {
            if case .files(let path) = source(of: kind) {
                let files = try InventoryOptions.load([path]) { if $0 == kind { visit($0, $1) } }
                inventory.take(kind, from: files)
                for secret in files.secrets.values { inventory.add(secret) }
            } else if let client = self[kind] {
                do throws(KubernetesError) {
                    inventory.take(kind, from: try await client.inventory(of: kind) { visit(kind, $0) })
                } catch {
                    throw UsageFailure("\(client.configuration): \(error)")
                }
            }
        }
        return inventory
    }

    /// Reads Secrets by their names, where the Regions are. Those that cannot be judged are said on standard error, once
    /// for each reason.
    func readSecrets(_ names: [ObjectName]) async throws -> [ObjectName: SecretState] {
        guard let client = self[.regions], !names.isEmpty else { return [:] }
        let lookup = await SecretLookup(client) { SecretReader.record($0) }.read(names)
        if let failure = lookup.failure { throw UsageFailure("\(client.configuration): a Secret: \(failure)") }
        for (reason, count) in lookup.reasons {
            Terminal.complain("\(count == 1 ? "1 Secret is" : "\(count) Secrets are") not judged: \(reason)")
        }
        return lookup.states
    }
}
