import ArgumentParser
import Policy

/// `rules`: the catalogue.
struct Rules: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "List the rules and defaults, or explain one.",
        discussion: """
            A † marks a warning that --strict turns into a refusal.

            Exit codes: 0 printed, 2 bad usage or no such rule, 3 internal failure.
            """)

    @Argument(help: ArgumentHelp("The id of a rule or of a default.", valueName: "ID"))
    var id: String?

    func run() throws {
        guard let id else {
            try Terminal.print(list)
            return
        }
        if let rule = RuleID(rawValue: id).flatMap(Rule.rule) {
            try Terminal.print(page(rule))
        } else if let standard = Default.ID(rawValue: id) {
            try Terminal.print("\(standard.rawValue) (default)\n\n\(Self.wrapped(standard.summary))\n")
        } else {
            throw UsageFailure("there is no rule \"\(id)\"; 'unikorn-region-webhook rules' lists them")
        }
    }

    private var list: String {
        var text = ""
        for (title, rules) in [
            ("Any document", Rule.documentRules), ("Region", Rule.regionRules), ("Node", Rule.nodeRules),
        ] {
            text += "\(title)\n"
            for rule in rules {
                text += "  \(Self.padded(rule.id.rawValue, 32))\(Self.padded(Self.level(rule), 7))\(rule.summary)\n"
            }
            text += "\n"
        }
        text += "Defaults\n"
        for id in Default.ID.allCases { text += "  \(Self.padded(id.rawValue, 32))\(id.summary)\n" }
        return text
    }

    private func page(_ rule: Rule) -> String {
        """
        \(rule.id.rawValue) (\(Self.level(rule)))

        \(Self.wrapped(rule.summary))

        Without it
        \(Self.wrapped(rule.goesWrong))

        What to do
        \(Self.wrapped(rule.remedy))

        \(Self.howToSet(rule.id))

        """
    }

    private static func howToSet(_ id: RuleID) -> String {
        if let reason = RuleLevel.reasonNotToSet(id) { return "It cannot be set\n\(wrapped(reason))" }
        return "Set it with\n  --rule \(id.rawValue)=deny|warn|off"
    }

    private static func level(_ rule: Rule) -> String { rule.level.rawValue + (rule.isDeniedByStrict ? " †" : "") }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// Lines of at most 78 columns, indented by two.
    private static func wrapped(_ text: String) -> String {
        var lines: [String] = []
        var line = " "
        for word in text.split(separator: " ") {
            if line.count + word.count + 1 > 78 {
                lines.append(line)
                line = " "
            }
            line += " " + word
        }
        return (lines + [line]).joined(separator: "\n")
    }
}
