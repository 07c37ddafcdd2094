import ArgumentParser
import Glibc
import KubernetesClient
import KubernetesTypes
import Manifests
import Policy
import Reporting

/// `validate`: judges manifests offline.
struct Validate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Judge manifests by the same rules as the server.",
        discussion: """
            Reads files, directories (everything below that ends in .yaml, .yml or .json) and '-' for standard input. \
            Lists are expanded, kinds without rules are skipped and counted, and recorded AdmissionReviews are judged \
            as the server would. Rules about several objects see all that was given, and with --kubeconfig what the \
            cluster holds besides: an object of the input takes the place of the stored one of its name, and Secrets that the \
            input's Regions name and the input does not hold are read from the cluster, one by one, if the account may.

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

    @OptionGroup(title: "Defaults") var defaults: DefaultOptions

    func run() async throws {
        let paths = filenames + paths
        guard !paths.isEmpty else { throw UsageFailure("validate needs a path, or - for standard input") }
        var options = ClusterOptions()
        (options.kubeconfig, options.context) = (kubeconfig, context)
        guard options.isGiven else { return try await judge(paths, nil) }
        let namespace = try options.configuration().namespace ?? "default"
        try await SourceClients.with(options) { clients in
            let inventory = try await clients.list()
            for kind in Inventory.Kind.allCases {
                if let gap = inventory.gap(kind) {
                    Terminal.complain("\(kind.rawValue) of the cluster: \(gap.reason)")
                }
            }
            // As for kubectl, objects without a namespace are meant for the context's.
            let stored = OfflineValidator.Stored(inventory: inventory, namespace: namespace)
            try await judge(paths, stored) { try await clients.readSecrets($0) }
        }
    }

    /// Judges and prints. `readSecrets` is asked for the Secrets that the input does not hold.
    private func judge(
        _ paths: [String], _ stored: OfflineValidator.Stored?,
        readSecrets: ([ObjectName]) async throws -> [ObjectName: SecretState] = { _ in [:] }
    ) async throws {
        let validator: OfflineValidator
        do throws(ManifestError) {
            let sources = try ManifestSource.find(paths)
            var settings = policy.settings(isOffline: true)
            settings.takesDefaultsFromNodes = defaults.defaultFromNodes
            validator = OfflineValidator(
                policy: Policy(settings), sources: sources, isComplete: complete,
                now: Int64(time(nil)), stored: stored)
            try validator.read(progress: Self.progress(of: sources.count))
        } catch {
            throw UsageFailure(error.description)
        }
        let secrets = try await readSecrets(validator.wantedSecrets)
        let report: Report
        do throws(ManifestError) {
            report = try validator.report(secrets: secrets)
        } catch {
            throw UsageFailure(error.description)
        }
        try output.print(report)
        if report.summary.errors > 0 { throw CommandExit.findings }
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
