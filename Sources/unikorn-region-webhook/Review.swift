import Admission
import ArgumentParser
import Documents
import Glibc
import KubernetesTypes
import Manifests
import Policy

/// `review`: answers a recorded request.
struct Review: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "review",
        abstract: "Print the AdmissionReview that the server would answer a recorded one with.",
        discussion: """
            Exit codes: 0 the request would be allowed, 1 it would be refused, 2 bad usage, an unreadable path, or a \
            body that is no AdmissionReview, 3 internal failure.
            """)

    @Argument(help: ArgumentHelp("The recorded request, JSON; '-' is standard input.", valueName: "FILE"))
    var file = "-"

    @Flag(help: "Answer as the mutating webhook: with defaults.")
    var mutate = false

    // One path each time, unlike serve's: several would take FILE for another.
    @Option(help: ArgumentHelp("Manifests of the other objects there are; may be repeated.", valueName: "PATH"))
    var inventory: [String] = []

    @OptionGroup(title: "Rules") var policy: PolicyOptions

    @OptionGroup(title: "Defaults") var defaults: DefaultOptions

    func run() throws {
        var inventory = try InventoryOptions.load(inventory)
        if defaults.defaultFromNodes { inventory.applyDefaultsFromNodes() }
        let body: [UInt8]
        do throws(ManifestError) {
            body = try ManifestSource.read(file)
        } catch {
            throw UsageFailure(error.description)
        }
        var settings = policy.settings(isOffline: false)
        settings.takesDefaultsFromNodes = defaults.defaultFromNodes
        let parser = JSONParser(emptying: AdmissionReview.unread)
        var answer: [UInt8] = []
        let isAllowed: Bool
        do {
            isAllowed = try body.withUnsafeBytes { bytes in
                let review = try AdmissionReview(try parser.parse(bytes))
                let decision = try Admission(policy: Policy(settings)).decide(
                    review, endpoint: mutate ? .mutate : .validate, inventory: inventory, now: Int64(time(nil)))
                Answer.write(decision, to: review, into: &answer)
                return decision.isAllowed
            }
        } catch {
            throw UsageFailure("\(file): \(error)")
        }
        answer.append(UInt8(ascii: "\n"))
        try Terminal.print(answer)
        if !isAllowed { throw CommandExit.findings }
    }
}

/// `--inventory`, of the modes that ask no cluster.
enum InventoryOptions {
    /// `visit` sees each Region and Node whole.
    static func load(
        _ paths: [String], visit: (Inventory.Kind, Value) -> Void = { _, _ in }
    ) throws -> Inventory {
        let (inventory, problems): (Inventory, [String])
        do throws(ManifestError) {
            (inventory, problems) = try InventoryLoader.load(paths, visit: visit)
        } catch {
            throw UsageFailure("inventory: \(error)")
        }
        guard problems.isEmpty else {
            let more = problems.count - maximumProblems
            throw UsageFailure(
                "inventory: " + problems.prefix(maximumProblems).joined(separator: "; ")
                    + (more > 0 ? "; and \(more) more" : ""))
        }
        return inventory
    }

    /// Enough to see what is wrong.
    private static let maximumProblems = 5
}
