import ArgumentParser

/// The root command.
///
/// Every command says its name: one that leaves it to ArgumentParser has it worked out from the type, anew each time it is
/// asked for, which takes a twentieth of the time the server needs to start.
struct RegionWebhook: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unikorn-region-webhook",
        abstract: "Keeps Unikorn regions and node classes right: an admission webhook and an offline validator.",
        discussion: """
            The server and the command line judge by the same rules; 'rules' lists them.

            Exit codes: 0 no error, 1 an error was found, 2 bad usage or an unreadable path, 3 internal failure.
            """,
        version: Version.current,
        subcommands: [Serve.self, Validate.self, Audit.self, Review.self, Rules.self, Certs.self])
}

/// The version of this program.
enum Version {
    static let current = "0.1.0"
}
