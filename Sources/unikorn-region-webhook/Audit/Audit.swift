import ArgumentParser
import Glibc
import Policy
import Reporting

/// `audit`: judges what a cluster holds.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judge every Region, and every Node that has a class, of a cluster.",
        discussion: """
            All rules over all objects, whoever wrote them and when: ids that two Regions declare, Nodes that are not what \
            their class is, and whatever was stored while no webhook was there. Each object is judged as if it were \
            created now. The account needs to list Regions and Nodes, and nothing else.

            Exit codes: 0 no error, 1 an error was found, 2 bad usage or a cluster that cannot be asked, 3 internal failure.
            """)

    @Option(name: [.short, .long], help: "How to print the findings.")
    var output: Validate.Format = .text

    @OptionGroup(title: "Cluster") var cluster: ClusterOptions

    @OptionGroup(title: "Rules") var policy: PolicyOptions

    func run() async throws {
        let audit = ClusterAudit(policy: Policy(policy.settings(isOffline: false)), now: Int64(time(nil)))
        let inventory = try await cluster.list { audit.visit($0, $1) }
        for kind in Inventory.Kind.allCases {
            if let gap = inventory.gap(kind) { Terminal.complain("\(kind.rawValue) are not judged: \(gap.reason)") }
        }
        let report = ClusterAudit.report(audit.finish(inventory), objects: audit.objectCount)
        try output.print(report)
        if report.summary.errors > 0 { throw CommandExit.findings }
    }
}
