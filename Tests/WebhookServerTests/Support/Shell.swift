import Glibc
import TestSupport

/// What a program printed and how it ended.
struct ShellResult: Sendable {
    /// As `wait` reports it; 0 is success.
    var status: Int32
    var output: String
}

/// Runs a shell command; standard error goes to the output too.
///
/// Not Foundation's `Process`: it reads whole `dirent` structures where `readdir` promises less, and now and then crashes
/// in a process with many descriptors.
func shell(_ command: String) async throws -> ShellResult {
    try await onThread {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw RawClient.Failure(description: "pipe: \(errno)") }
        defer { close(ends[0]) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        closeTheRest(&actions)

        var child: pid_t = 0
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sh"), strdup("-c"), strdup(command), nil]
        defer { for argument in arguments { free(argument) } }
        let result = posix_spawn(&child, "/bin/sh", &actions, nil, arguments, environ)
        close(ends[1])
        guard result == 0 else { throw RawClient.Failure(description: "posix_spawn: \(result)") }

        var output: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(ends[0], &part, part.count)
            guard count > 0 else { break }
            output.append(contentsOf: part[..<count])
        }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        return ShellResult(status: status, output: String(decoding: output, as: UTF8.self))
    }
}
