import Policy

/// `--rule ID=LEVEL`.
struct RuleLevel {
    let id: RuleID
    let level: Level

    /// - Throws: `UsageFailure` with what is wrong with it.
    init(argument: String) throws {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else { throw UsageFailure("expected ID=deny|warn|off") }
        guard let id = RuleID(rawValue: parts[0]) else {
            if Default.ID(rawValue: parts[0]) != nil {
                throw UsageFailure("\(parts[0]) is a default, which has no level")
            }
            throw UsageFailure("there is no rule \"\(parts[0])\"; 'unikorn-region-webhook rules' lists them")
        }
        guard let level = Level(rawValue: parts[1]) else {
            throw UsageFailure("a rule is set to deny, warn or off, not to \"\(parts[1])\"")
        }
        if let reason = Self.reasonNotToSet(id) { throw UsageFailure(reason) }
        self.id = id
        self.level = level
    }

    /// Why a rule always has the level it has; nil for those that can be set.
    static func reasonNotToSet(_ id: RuleID) -> String? {
        guard id == .nodeIDUnique else { return nil }
        return "\(id.rawValue) always denies: that a class id stands for one flavor of one region is a guarantee, "
            + "and one that may be softened is none"
    }
}
