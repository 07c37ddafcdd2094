import ArgumentParser
import Glibc
import Policy
import Reporting

/// `audit`: judges what a cluster holds.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Judge every Region, and every Node that has a class, of a cluster, or of two.",
        discussion: """
            All rules over all objects, whoever wrote them and when: ids that two Regions declare, Nodes that are not what \
            their class is, and whatever was stored while no webhook was there. Each object is judged as if it were \
            created now. The account needs to list Regions and Nodes, and to get the Secrets that Regions name: where it may not, \
            that is said and their rules are left out. Secrets are read one by one; nothing of them is printed or kept.

            Exit codes: 0 no error, 1 an error was found, 2 bad usage or a cluster that cannot be asked, 3 internal failure.
            """)

    @Option(name: [.short, .long], help: "How to print the findings.")
    var output: Validate.Format = .text

    @OptionGroup(title: "Cluster") var cluster: ClusterOptions

    @OptionGroup(title: "Other objects") var sources: InventorySourceOptions

    @OptionGroup(title: "Rules") var policy: PolicyOptions

    func run() async throws {
        let audit = ClusterAudit(policy: Policy(policy.settings(isOffline: false)), now: Int64(time(nil)))
        let (inventory, secrets) = try await SourceClients.with(cluster, sources.sources) { clients in
            let inventory = try await clients.list { audit.visit($0, $1) }
            return (inventory, try await clients.readSecrets(audit.secrets(of: inventory)))
        }
        for kind in Inventory.Kind.allCases {
            if let gap = inventory.gap(kind) { Terminal.complain("\(kind.rawValue) are not judged: \(gap.reason)") }
        }
        let report = ClusterAudit.report(audit.finish(inventory, secrets: secrets), objects: audit.objectCount)
        try output.print(report)
        if report.summary.errors > 0 { throw CommandExit.findings }
    }
}
