import Foundation
import Glibc
import TestSupport

/// A process that a test started. Its output goes to files: a pipe would be inherited by what other tests start at the
/// same time, and so not end.
final class ChildProcess: @unchecked Sendable {
    /// How a process ended.
    struct End: Sendable {
        /// The exit code, or minus the number of the signal that ended it.
        let code: Int32
        /// Bytes, at the highest that was seen.
        let peakMemory: Int
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let id: pid_t
    let outputFile: String
    let errorFile: String
    private var end: End?
    private var peakMemory = 0

    /// Starts a process in the scratch directory.
    ///
    /// `command` is a path, or a name that is looked up in `PATH`, and the arguments; `environment` comes on top of that
    /// of the tests, and an empty variable is removed; `output` is where standard output goes, if not to a new file.
    init(
        _ command: [String], in scratch: Scratch, input: String = "/dev/null", environment: [String: String] = [:],
        output: String? = nil
    ) throws {
        outputFile = output ?? scratch.newPath("output")
        errorFile = scratch.newPath("errors")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputFile, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errorFile, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        closeTheRest(&actions)
        // Threads of the tests may block signals; a child that did too could not be stopped.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var noSignals = sigset_t()
        sigemptyset(&noSignals)
        posix_spawnattr_setsigmask(&attributes, &noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var variables = ProcessInfo.processInfo.environment
        for name in ["NO_COLOR", "TERM"] { variables[name] = nil }
        for (name, value) in environment { variables[name] = value.isEmpty ? nil : value }
        var environ: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
        // The shell makes way for the command in its directory.
        let words = ["/bin/sh", "-c", #"cd "$0" && exec "$@""#, scratch.path] + command
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for string in environ + arguments { free(string) } }
        var id: pid_t = 0
        let failure = posix_spawn(&id, words[0], &actions, &attributes, &arguments, &environ)
        guard failure == 0 else { throw Failure(description: "\(command[0]): \(String(cString: strerror(failure)))") }
        self.id = id
    }

    deinit {
        guard end == nil else { return }
        Glibc.kill(id, SIGKILL)
        waitpid(id, nil, 0)
    }

    var output: String { Scratch.text(outputFile) }
    var errors: String { Scratch.text(errorFile) }

    func send(_ signal: Int32) { Glibc.kill(id, signal) }

    /// How it ended, if it has.
    func poll() -> End? {
        if let end { return end }
        // Not of wait4, for which the memory of the tests, before the program took their place, counts too.
        peakMemory = max(peakMemory, residentHighWater)
        var status: Int32 = 0
        guard waitpid(id, &status, WNOHANG) == id else { return nil }
        let signal = status & 0x7F
        end = End(code: signal == 0 ? (status >> 8) & 0xFF : -signal, peakMemory: peakMemory)
        return end
    }

    private var residentHighWater: Int {
        let lines = Scratch.text("/proc/\(id)/status").split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("VmHWM:") }) else { return 0 }
        return (line.split(whereSeparator: { " \t".contains($0) }).dropFirst().first.flatMap { Int($0) } ?? 0) * 1024
    }

    /// Waits for the end of what takes milliseconds.
    func wait() async throws -> End { try await ended(looking: .milliseconds(2), times: 20_000) }

    /// Waits for the end. Counts its looks, not the time: other tests may keep this one from running.
    func ended(looking pause: Duration = .milliseconds(20), times: Int = 1_500) async throws -> End {
        for _ in 0..<times {
            if let end = poll() { return end }
            try await Task.sleep(for: pause)
        }
        throw Failure(description: "still running: \(errors)")
    }
}
