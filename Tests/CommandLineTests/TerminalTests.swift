import Foundation
import Glibc
import Testing

/// Colour: on a terminal, unless it was said otherwise, and never in a pipe.
@Suite(.oneAtATime) struct TerminalTests {
    // TIOCSPTLCK and TIOCGPTN of asm-generic/ioctls.h, which the module of the C library leaves out.
    private static let setLock: UInt = 0x4004_5431
    private static let getNumber: UInt = 0x8004_5430

    /// What the program writes to a terminal of its own.
    private func onATerminal(_ environment: [String: String], _ memory: String = "0") async throws -> String {
        let scratch = try Scratch()
        try scratch.write("file.yaml", Samples.region(memory: memory))
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        defer { close(terminal) }
        var (lock, number): (Int32, UInt32) = (0, 0)
        try #require(ioctl(terminal, Self.setLock, &lock) == 0 && ioctl(terminal, Self.getNumber, &number) == 0)
        let name = "/dev/pts/\(number)"
        // Holds the terminal open, or what was written would be lost with its last writer.
        let other = open(name, O_RDWR | O_NOCTTY)
        defer { close(other) }
        let process = try ChildProcess(
            [Program.path, "validate", "file.yaml"], in: scratch, environment: environment, output: name)
        let end = try await process.wait()
        #expect(end.code == (memory == "0" ? 1 : 0))
        _ = fcntl(terminal, F_SETFL, O_NONBLOCK)
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = read(terminal, &bytes, bytes.count)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
    }

    private static let escape = "\u{1B}["

    @Test func colourOnATerminal() async throws {
        let text = try await onATerminal(["TERM": "xterm"])
        #expect(text.contains("\(Self.escape)1;31merror[memory]\(Self.escape)0m: "), "\(text)")
        #expect(text.contains("\(Self.escape)1;31m^\(Self.escape)0m"))
        #expect(text.contains("\(Self.escape)1;31m1 error\(Self.escape)0m, 0 warnings"))
    }

    @Test(arguments: [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"], [:]])
    func noColourOnATerminal(_ environment: [String: String]) async throws {
        let text = try await onATerminal(environment)
        #expect(text.contains("error[memory]: "))
        #expect(!text.contains("\u{1B}"), "\(text)")
    }

    @Test func nothingToColour() async throws {
        #expect(try await onATerminal(["TERM": "xterm"], "4Gi").contains("0 errors, 0 warnings"))
    }

    @Test func noColourInAFile() async throws {
        let scratch = try Scratch()
        try scratch.write("file.yaml", Samples.region(memory: "0"))
        let run = try await Program.run(["validate", "file.yaml"], in: scratch, environment: ["TERM": "xterm"])
        #expect(run.output.contains("error[memory]"))
        #expect(!run.output.contains("\u{1B}"))
    }
}
