import ArgumentParser
import Glibc
import KubernetesTypes

/// Runs the command line: parses it, calls the command, and turns its end into an exit code.
@main
struct Main {
    static func main() async {
        keepStandardDescriptors()
        // A reader that has seen enough (`… | head`) changes nothing about what was judged, and so about the exit code.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try RegionWebhook.parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            exit(with: error)
        }
        fflush(nil)
    }

    /// Where one of the three standard descriptors is closed, the next thing that is opened would get its number, and be read
    /// as standard input or written to as standard error. In its place comes one that can be neither, as if it were closed.
    private static func keepStandardDescriptors() {
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest number that is free, so this one.
            _ = open("/dev/null", pathOnly)
        }
    }

    /// Linux' `O_PATH`: reading and writing fail with EBADF. The C library's header has it for GNU sources only.
    private static let pathOnly: Int32 = 0o10_000_000

    private static func exit(with error: any Error) -> Never {
        if let code = error as? CommandExit { finish(code) }
        if let failure = error as? UsageFailure {
            Terminal.complain(failure.description)
            finish(.usage)
        }
        let message = RegionWebhook.fullMessage(for: error)
        if RegionWebhook.exitCode(for: error) == .success {
            // Help or the version was asked for.
            try? Terminal.print(message)
            finish(.success)
        }
        Terminal.complain(message)
        // ArgumentParser's own errors are about usage; what it does not know should not happen.
        finish(RegionWebhook.exitCode(for: error) == .validationFailure ? .usage : .internalFailure)
    }

    private static func finish(_ code: CommandExit) -> Never {
        fflush(nil)
        Glibc.exit(code.rawValue)
    }
}

/// How a command ends.
enum CommandExit: Int32, Error {
    case success = 0
    /// An error was found in what was judged.
    case findings = 1
    /// Bad usage, or a path that cannot be read.
    case usage = 2
    /// Anything that should not happen.
    case internalFailure = 3
}

/// Something the user has to put right before the command can run: one line that says what.
struct UsageFailure: Error, CustomStringConvertible {
    let description: String

    /// Messages quote paths and arguments, which may hold anything.
    init(_ description: String) { self.description = PrintableText.escaped(description, limit: .max) }
}

/// Standard output that does not take what was to be printed.
struct OutputFailure: Error, CustomStringConvertible {
    let reason: String

    var description: String { "standard output: cannot be written: \(reason)" }
}
