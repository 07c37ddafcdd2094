import Policy
import Testing

/// What the program says about itself.
@Suite(.oneAtATime) struct HelpTests {
    @Test(arguments: [
        [], ["serve"], ["validate"], ["review"], ["rules"], ["certs"], ["certs", "dev"], ["certs", "inject"],
    ])
    func exitCodes(_ command: [String]) async throws {
        for arguments in [command + ["--help"], ["help"] + command] {
            let run = try await Program.run(arguments)
            #expect(run.code == 0)
            #expect(run.errors.isEmpty)
            #expect(run.output.contains("Exit codes: 0 "), "\(run)")
            #expect(run.output.contains("USAGE: "))
        }
    }

    @Test func version() async throws {
        let run = try await Program.run(["--version"])
        #expect(run.code == 0)
        let parts = run.output.dropLast().split(separator: ".")
        #expect(parts.count == 3 && parts.allSatisfy { Int($0) != nil }, "\(run)")
    }

    @Test func unknownCommand() async throws {
        let run = try await Program.run(["nonsense"])
        #expect(run.code == 2)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("nonsense"))
    }

    @Test func nothingAsked() async throws {
        let run = try await Program.run([])
        #expect(run.code == 0)
        #expect(run.output.contains("SUBCOMMANDS:"))
    }

    // MARK: The catalogue

    @Test func everyRuleAndDefaultIsListed() async throws {
        let run = try await Program.run(["rules"])
        #expect(run.code == 0)
        let lines = run.output.split(separator: "\n")
        for id in RuleID.allCases {
            #expect(lines.count { $0.hasPrefix("  \(id.rawValue) ") } == 1, "\(id)")
        }
        for id in Default.ID.allCases { #expect(lines.contains { $0.hasPrefix("  \(id.rawValue) ") }, "\(id)") }
        for (rule, level) in [("memory", "deny"), ("memory-small", "warn"), ("unknown-field", "warn †")] {
            let words = lines.first { $0.hasPrefix("  \(rule) ") }?.split(separator: " ").map(String.init) ?? []
            #expect(words.dropFirst().prefix(level == "warn †" ? 2 : 1).joined(separator: " ") == level)
        }
    }

    @Test func everyRuleHasAPage() async throws {
        for id in RuleID.allCases {
            let run = try await Program.run(["rules", id.rawValue])
            #expect(run.code == 0)
            #expect(run.output.hasPrefix("\(id.rawValue) ("))
            for title in ["\nWithout it\n", "\nWhat to do\n"] { #expect(run.output.contains(title), "\(id)") }
            let canBeSet = id != .nodeIDUnique
            #expect(run.output.contains("--rule \(id.rawValue)=deny|warn|off") == canBeSet)
            #expect(run.output.contains("\nIt cannot be set\n") == !canBeSet)
            #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        }
    }

    @Test func everyDefaultHasAPage() async throws {
        for id in Default.ID.allCases {
            let run = try await Program.run(["rules", id.rawValue])
            #expect(run.code == 0)
            #expect(run.output.hasPrefix("\(id.rawValue) (default)\n\n  "))
        }
    }

    @Test func unknownRule() async throws {
        let run = try await Program.run(["rules", "nonsense"])
        #expect(run.code == 2)
        #expect(
            run.errors == """
                unikorn-region-webhook: there is no rule "nonsense"; 'unikorn-region-webhook rules' lists them

                """)
    }
}
