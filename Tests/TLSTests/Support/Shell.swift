import Glibc
import NIOPosix
import TestSupport

/// Runs other people's TLS clients.
enum Shell {
    struct Result: Sendable {
        let status: Int32
        /// Standard output and standard error as they came.
        let output: String
    }

    private static let seconds = 30

    /// Runs a shell script; `$1` and so on are the arguments. It is stopped after half a minute.
    static func run(_ script: String, _ arguments: String...) async throws -> Result {
        let command = ["timeout", "\(seconds)", "/bin/sh", "-c", script, "sh"] + arguments
        return try await NIOThreadPool.singleton.runIfActive { try spawn(command) }
    }

    private static func spawn(_ command: [String]) throws -> Result {
        // A file, since a pipe would be inherited by what other tests start at the same time, and so not end.
        let directory = try TemporaryDirectory()
        let output = directory.path + "/output"

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        closeTheRest(&actions)
        // The pool's threads block signals; a child that did too could not be stopped.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Without its initializer, which belongs to a module of SwiftNIO in some builds.
        let noSignals = UnsafeMutablePointer<sigset_t>.allocate(capacity: 1)
        defer { noSignals.deallocate() }
        sigemptyset(noSignals)
        posix_spawnattr_setsigmask(&attributes, noSignals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let failure = posix_spawnp(&process, command[0], &actions, &attributes, &arguments, environ)
        guard failure == 0 else { throw TestFailure("\(command[0]): \(failure)") }
        var status: Int32 = 0
        waitpid(process, &status, 0)
        let bytes = try TemporaryDirectory.contents(of: output)
        return Result(status: (status >> 8) & 0xff, output: String(decoding: bytes, as: UTF8.self))
    }
}
