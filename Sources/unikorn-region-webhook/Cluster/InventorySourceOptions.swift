import ArgumentParser
import Policy

/// Which objects live where.
struct InventorySourceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Where the Regions are.", valueName: "cluster|kubeconfig=FILE|files=PATH"))
    var regionsFrom: InventorySource = .cluster

    @Option(help: ArgumentHelp("Where the Nodes are.", valueName: "cluster|kubeconfig=FILE|files=PATH"))
    var nodesFrom: InventorySource = .cluster

    var sources: [Inventory.Kind: InventorySource] { [.regions: regionsFrom, .nodes: nodesFrom] }
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
