import Foundation
import TestSupport

/// The program under test, as it was built beside the tests.
enum Program {
    /// One run, over.
    struct Run: Sendable, CustomStringConvertible {
        /// The exit code, or minus the number of the signal that ended it.
        let code: Int32
        let output: String
        let errors: String
        let peakMemory: Int

        /// Whether it never took more bytes than that. Not asked of a program under a sanitizer.
        func stayedBelow(_ limit: Int) -> Bool { peakMemory < limit || Sanitizer.isThere }

        var description: String { "exit code \(code)\n--- output\n\(output)\n--- errors\n\(errors)" }
    }

    static let path: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: tests).deletingLastPathComponent()
            .appendingPathComponent("unikorn-region-webhook").path
    }()

    /// Runs it to its end, in a scratch directory.
    static func run(
        _ arguments: [String], in scratch: Scratch? = nil, input: String? = nil, environment: [String: String] = [:]
    ) async throws -> Run {
        try await run(command: [path] + arguments, in: scratch, input: input, environment: environment)
    }

    /// Runs any program to its end.
    static func run(
        command: [String], in scratch: Scratch? = nil, input: String? = nil, environment: [String: String] = [:]
    ) async throws -> Run {
        let scratch = try scratch ?? Scratch()
        var inputFile = "/dev/null"
        if let input {
            inputFile = scratch.newPath("input")
            try Data(input.utf8).write(to: URL(fileURLWithPath: inputFile))
        }
        let process = try ChildProcess(command, in: scratch, input: inputFile, environment: environment)
        let end = try await process.wait()
        return Run(code: end.code, output: process.output, errors: process.errors, peakMemory: end.peakMemory)
    }

    /// Runs a shell script in which `$0` is the program.
    static func shell(_ script: String, _ arguments: [String] = [], in scratch: Scratch) async throws -> Run {
        try await run(command: ["/bin/sh", "-c", script, path] + arguments, in: scratch)
    }

    /// Judges one file of this text.
    static func validate(_ text: String, _ flags: [String] = [], file: String = "file.yaml") async throws -> Run {
        let scratch = try Scratch()
        try scratch.write(file, text)
        return try await run(["validate", file] + flags, in: scratch)
    }

    static func fixture(_ path: String) -> String { PackageFiles.fixtures.appendingPathComponent(path).path }
}
