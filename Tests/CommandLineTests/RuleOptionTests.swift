import Testing

/// The flags that change how rules weigh.
@Suite(.oneAtATime) struct RuleOptionTests {
    private let small = Samples.region(memory: "1Gi")

    @Test func levels() async throws {
        #expect(try await Program.validate(small, ["--rule", "memory-small=deny"]).code == 1)
        #expect(try await ParsedReport(judging: small, ["--rule", "memory-small=off"]).findings.isEmpty)
        let bad = Samples.region(memory: "0")
        #expect(try await Program.validate(bad, ["--rule", "memory=warn"]).code == 0)
        #expect(
            try await ParsedReport(judging: bad, ["--rule", "memory=warn"]).of("memory").map(\.severity) == ["warning"])
    }

    @Test func theLastLevelCounts() async throws {
        let flags = ["--rule", "memory-small=deny", "--rule", "memory-small=off"]
        #expect(try await ParsedReport(judging: small, flags).findings.isEmpty)
    }

    @Test(arguments: [
        ("nonsense=deny", #"there is no rule "nonsense""#), ("memory", "expected ID=deny|warn|off"),
        ("memory=", #"not to """#), ("memory=loud", #"deny, warn or off, not to "loud""#),
        ("default-flavor-name=off", "is a default"), ("=deny", #"there is no rule """#), ("", "expected ID="),
    ])
    func levelsThatAreNone(_ argument: String, _ reason: String) async throws {
        for command in [["validate", "-"], ["review"], ["serve", "--standalone"]] {
            let run = try await Program.run(command + ["--rule", argument])
            #expect(run.code == 2)
            #expect(run.errors.contains(reason), "\(run)")
            #expect(run.errors.contains("--rule"))
        }
    }

    /// A guarantee that may be softened is none.
    @Test(arguments: ["deny", "warn", "off"])
    func uniquenessIsNoLevel(_ level: String) async throws {
        let run = try await Program.run(["validate", "-", "--rule", "node-id-unique=\(level)"])
        #expect(run.code == 2)
        #expect(run.errors.contains("node-id-unique always denies: that a class id stands for one flavor"))
    }

    @Test func strict() async throws {
        let text = Samples.region() + "      flavour: x\n"
        #expect(try await Program.validate(text).code == 0)
        let report = try await ParsedReport(judging: text, ["--strict"])
        #expect(report.errors == ["unknown-field"])
        #expect(try await Program.validate(text, ["--strict", "--rule", "unknown-field=warn"]).code == 0)
        #expect(try await Program.validate(small, ["--strict"]).code == 0, "memory-small has no †")
    }

    @Test func classIDVersion() async throws {
        let version5 = "74738ff5-5367-5958-9aee-98fffdcd1876"
        let text = Samples.region(id: version5) + "---\n" + Samples.node(nodeClass: version5)
        let strictly = try await ParsedReport(judging: text)
        #expect(strictly.errors == ["node-id-version", "node-class-version"])
        let loosely = try await ParsedReport(judging: text, ["--class-id-version", "any"])
        #expect(loosely.errors.isEmpty)
        #expect(loosely.rules == ["node-id-version", "node-class-version"])
        #expect(try await Program.validate(text, ["--class-id-version", "4"]).code == 1)
    }

    @Test func syntaxAsAWarning() async throws {
        #expect(try await Program.validate("[", ["--rule", "syntax=warn"]).code == 0)
        #expect(try await ParsedReport(judging: "[", ["--rule", "syntax=off"]).findings.isEmpty)
    }
}
