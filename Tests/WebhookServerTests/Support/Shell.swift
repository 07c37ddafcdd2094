import Foundation

/// What a program printed and how it ended.
struct ShellResult: Sendable {
    var status: Int32
    var output: String
}

/// Runs a shell command; standard error goes to the output too.
func shell(_ command: String) async throws -> ShellResult {
    try await onThread {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return ShellResult(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }
}
