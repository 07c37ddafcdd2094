import Glibc
import Testing

/// 0 no error, 1 an error was found, 2 bad usage or an unreadable path, 3 internal.
@Suite(.oneAtATime) struct ExitCodeTests {
    @Test func noErrorIsZero() async throws {
        #expect(try await Program.validate(Samples.region()).code == 0)
        #expect(try await Program.validate(Samples.region(memory: "1Gi")).code == 0, "a warning")
        #expect(try await Program.validate("").code == 0)
        #expect(try await Program.validate("\n---\n# nothing\n---\n").code == 0)
    }

    @Test func aFindingIsOne() async throws {
        #expect(try await Program.validate(Samples.region(memory: "0")).code == 1)
        #expect(try await Program.validate("a: [\n").code == 1, "a document that does not parse")
    }

    @Test(arguments: [
        [], ["nonsense.yaml"], ["good.yaml", "nonsense.yaml"], ["-f", "nonsense.yaml"], ["empty"],
        ["good.yaml", "empty"], ["good.yaml/below"], ["-o", "xml", "good.yaml"], ["--nonsense", "good.yaml"],
        ["--rule", "memory", "good.yaml"], ["--class-id-version", "5", "good.yaml"],
    ])
    func badUsageIsTwo(_ arguments: [String]) async throws {
        let scratch = try Scratch()
        try scratch.write("good.yaml", Samples.region())
        try scratch.write("empty/README.md", "no manifest")
        let run = try await Program.run(["validate"] + arguments, in: scratch)
        #expect(run.code == 2, "\(run)")
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("unikorn-region-webhook: "))
    }

    @Test(arguments: [
        ("nonsense.yaml", "nonsense.yaml: No such file or directory"),
        ("empty", "empty: the directory has no manifests (.yaml, .yml, .json)"),
        ("links", "links/loop.yaml: Too many levels of symbolic links"),
        ("new\nline.yaml", #"new\u{000A}line.yaml: No such file or directory"#),
    ])
    func unreadablePathsAreNamed(_ path: String, _ message: String) async throws {
        let scratch = try Scratch()
        try scratch.write("empty/README.md", "no manifest")
        try scratch.write("links/README.md", "no manifest")
        try scratch.link("links/loop.yaml", to: "loop.yaml")
        let run = try await Program.run(["validate", path], in: scratch)
        #expect(run.code == 2)
        #expect(run.errors == "unikorn-region-webhook: \(message)\n")
    }

    @Test func noPathSaysWhatIsMissing() async throws {
        let run = try await Program.run(["validate"])
        #expect(run.errors == "unikorn-region-webhook: validate needs a path, or - for standard input\n")
    }

    @Test(.enabled(if: geteuid() != 0, "root may read everything"))
    func unreadableFileIsTwo() async throws {
        let scratch = try Scratch()
        chmod(try scratch.write("secret.yaml", Samples.region()), 0)
        let run = try await Program.run(["validate", "secret.yaml"], in: scratch)
        #expect(run.code == 2, "\(run)")
        #expect(run.errors == "unikorn-region-webhook: secret.yaml: Permission denied\n")
    }

    /// A file that opens and then fails, for everybody.
    @Test func fileThatCannotBeReadIsTwo() async throws {
        let run = try await Program.run(["validate", "/proc/self/mem"])
        #expect(run.code == 2)
        #expect(run.errors == "unikorn-region-webhook: /proc/self/mem: Input/output error\n")
    }

    @Test func outputThatCannotBeWrittenIsThree() async throws {
        let scratch = try Scratch()
        try scratch.write("good.yaml", Samples.region())
        let run = try await Program.shell(#""$0" validate good.yaml >/dev/full"#, in: scratch)
        #expect(run.code == 3)
        #expect(
            run.errors == "unikorn-region-webhook: standard output: cannot be written: No space left on device\n")
    }

    /// `… | head -1`: what was judged is judged, whoever reads it.
    @Test(arguments: [("4Gi", "0"), ("0", "1")])
    func aClosedPipeChangesNothing(_ memory: String, _ code: String) async throws {
        let scratch = try Scratch()
        try scratch.write("file.yaml", Samples.region(memory: memory))
        // The reader is gone before the program starts to write.
        let script = #"{ sleep 0.2; "$0" validate file.yaml; echo $? >code; } | true; cat code"#
        let run = try await Program.shell(script, in: scratch)
        #expect(run.output == code + "\n", "\(run)")
        #expect(run.errors.isEmpty)
    }

    @Test func standardInputThatIsClosed() async throws {
        let run = try await Program.shell(#""$0" validate - <&-"#, in: try Scratch())
        #expect(run.code == 2)
        #expect(run.errors == "unikorn-region-webhook: -: Bad file descriptor\n")
    }
}
