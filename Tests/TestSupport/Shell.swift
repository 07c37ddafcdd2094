import Foundation

/// Runs other people's clients.
package enum Shell {
    package struct Result: Sendable {
        /// The exit code; 124 where the script was stopped.
        package let status: Int32
        /// Standard output and standard error as they came.
        package let output: String
    }

    package struct Failure: Error {
        let call: String
        let number: Int32
    }

    private static let seconds = 30

    /// Runs a shell script; `$1` and so on are the arguments. It is stopped after half a minute.
    package static func run(_ script: String, _ arguments: String...) async throws -> Result {
        let command = ["timeout", "\(seconds)", "/bin/sh", "-c", script, "sh"] + arguments
        // On a thread of its own: it waits, and the threads of a pool may block signals, which the child would then do too.
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Swift.Result { try wait(for: command) }) }
        }
    }

    /// Not Foundation's `Process`: it reads whole `dirent` structures where `readdir` promises less, and now and then crashes
    /// in a process with many descriptors.
    private static func wait(for command: [String]) throws -> Result {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failure(call: "pipe", number: errno) }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        closeTheRest(&actions)

        let arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let number = posix_spawnp(&child, command[0], &actions, nil, arguments, environ)
        close(ends[1])
        guard number == 0 else { throw Failure(call: "posix_spawnp", number: number) }

        let output = FileHandle(fileDescriptor: ends[0], closeOnDealloc: false).readDataToEndOfFile()
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return Result(status: (status >> 8) & 0xff, output: String(decoding: output, as: UTF8.self))
    }
}
