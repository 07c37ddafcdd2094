import ArgumentParser
import Glibc
import Manifests
import Policy
import Reporting

/// `validate`: judges manifests offline.
struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judge manifests by the same rules as the server.",
        discussion: """
            Reads files, directories (everything below that ends in .yaml, .yml or .json) and '-' for standard input. \
            Lists are expanded, kinds without rules are skipped and counted, and recorded AdmissionReviews are judged \
            as the server would. Rules about several objects see all that was given.

            Exit codes: 0 no error, 1 an error was found, 2 bad usage or an unreadable path, 3 internal failure.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
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

    @OptionGroup(title: "Rules") var policy: PolicyOptions

    func run() throws {
        let paths = filenames + paths
        guard !paths.isEmpty else { throw UsageFailure("validate needs a path, or - for standard input") }
        let report: Report
        do throws(ManifestError) {
            let sources = try ManifestSource.find(paths)
            let validator = OfflineValidator(
                policy: Policy(policy.settings(isOffline: true)), sources: sources, isComplete: complete,
                now: Int64(time(nil)))
            report = try validator.run(progress: Self.progress(of: sources.count))
        } catch {
            throw UsageFailure(error.description)
        }
        switch output {
        case .text: try Terminal.print(TextReport(isColoured: Terminal.isColoured).write(report))
        case .json: try Terminal.print(JSONReport.write(report))
        }
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
