import ArgumentParser
import Glibc
import KubernetesClient
import Manifests
import Policy
import Reporting

/// `validate`: judges manifests offline.
struct Validate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judge manifests by the same rules as the server.",
        discussion: """
            Reads files, directories (everything below that ends in .yaml, .yml or .json) and '-' for standard input. \
            Lists are expanded, kinds without rules are skipped and counted, and recorded AdmissionReviews are judged \
            as the server would. Rules about several objects see all that was given, and with --kubeconfig what the \
            cluster holds besides: an object of the input takes the place of the stored one of its name.

            Exit codes: 0 no error, 1 an error was found, 2 bad usage or an unreadable path, 3 internal failure.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json

        func print(_ report: Report) throws {
            switch self {
            case .text: try Terminal.print(TextReport(isColoured: Terminal.isColoured).write(report))
            case .json: try Terminal.print(JSONReport.write(report))
            }
        }
    }

    @Option(
        name: [.customShort("f"), .customLong("filename")], help: ArgumentHelp("A path to judge.", valueName: "PATH"))
    var filenames: [String] = []

    @Argument(help: ArgumentHelp("Paths to judge.", valueName: "PATH"))
    var paths: [String] = []

    @Option(name: [.short, .long], help: "How to print the findings.")
    var output: Format = .text

    @Flag(help: "The input is all there is: a Secret that is not in it does not exist.")
    var complete = false

    @Option(help: ArgumentHelp("Judge against what this cluster holds, too.", valueName: "FILE"))
    var kubeconfig: String?

    @Option(help: ArgumentHelp("The kubeconfig's context, in place of its current one.", valueName: "NAME"))
    var context: String?

    @OptionGroup(title: "Rules") var policy: PolicyOptions

    func run() async throws {
        let paths = filenames + paths
        guard !paths.isEmpty else { throw UsageFailure("validate needs a path, or - for standard input") }
        let cluster = try await stored()
        let report: Report
        do throws(ManifestError) {
            let sources = try ManifestSource.find(paths)
            let validator = OfflineValidator(
                policy: Policy(policy.settings(isOffline: true)), sources: sources, isComplete: complete,
                now: Int64(time(nil)), stored: cluster)
            report = try validator.run(progress: Self.progress(of: sources.count))
        } catch {
            throw UsageFailure(error.description)
        }
        try output.print(report)
        if report.summary.errors > 0 { throw CommandExit.findings }
    }

    /// What the cluster holds, if one was named. As for kubectl, objects without a namespace are meant for the context's.
    private func stored() async throws -> OfflineValidator.Stored? {
        var options = ClusterOptions()
        (options.kubeconfig, options.context) = (kubeconfig, context)
        guard options.isGiven else { return nil }
        let inventory = try await options.list()
        for kind in Inventory.Kind.allCases {
            if let gap = inventory.gap(kind) { Terminal.complain("\(kind.rawValue) of the cluster: \(gap.reason)") }
        }
        return OfflineValidator.Stored(
            inventory: inventory, namespace: try options.configuration().namespace ?? "default")
    }

    /// Files from which on a run is long enough to show its progress.
    private static let manyFiles = 500

    private static func progress(of count: Int) -> (Int) -> Void {
        guard count >= manyFiles, Terminal.showsProgress else { return { _ in } }
        return { done in
            if done == count {
                Terminal.progress("")
            } else if done % 100 == 0 {
                Terminal.progress("\(done) of \(count) files")
            }
        }
    }
}
