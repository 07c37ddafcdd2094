/// How a finding weighs.
package enum Severity: String, Comparable, Sendable {
    /// It is said, and the request passes.
    case warn
    /// The request is refused; offline it is an error.
    case deny

    package static func < (left: Severity, right: Severity) -> Bool { left == .warn && right == .deny }
}

/// What a rule is set to: a severity, or off.
package enum Level: String, CaseIterable, Sendable {
    case deny, warn, off

    package var severity: Severity? {
        switch self {
        case .deny: .deny
        case .warn: .warn
        case .off: nil
        }
    }
}

/// One rule: its entry in the catalogue and the check itself.
package struct Rule: Sendable {
    /// What a rule looks at, and so when it runs.
    package enum Check: Sendable {
        /// The readers and decoders report it; there is no function to call.
        case reading
        /// A Region and, on UPDATE, its old version; no other object.
        case region(@Sendable (RegionReview, inout Findings) -> Void)
        /// One flavor of `spec.kubernetes.nodes`; called for each.
        case flavor(@Sendable (Flavor, RegionReview, inout Findings) -> Void)
        /// The classes of a Region against other objects.
        case regionInventory(@Sendable (RegionRecord, RegionChange, Surroundings, inout Findings) -> Void)
        /// A Region that is being deleted by this request.
        case regionDelete(@Sendable (RegionRecord, Surroundings, inout Findings) -> Void)
        /// A Node that carries the class label, or carried it.
        case node(@Sendable (NodeReview, inout Findings) -> Void)
        /// A Node's class against other objects.
        case nodeInventory(@Sendable (NodeRecord, Surroundings, inout Findings) -> Void)
    }

    package let id: RuleID
    /// Without any flag.
    package let level: Level
    /// Whether `--strict` turns its warnings into denials (marked † in the catalogue).
    package let isDeniedByStrict: Bool
    /// What must hold, in one sentence.
    package let summary: String
    /// What happens to the region when it does not hold.
    package let goesWrong: String
    /// What to do about a finding.
    package let remedy: String
    package let check: Check

    init(
        _ id: RuleID, _ level: Level, strict: Bool = false, summary: String, goesWrong: String, remedy: String,
        check: Check
    ) {
        self.id = id
        self.level = level
        self.isDeniedByStrict = strict
        self.summary = summary
        self.goesWrong = goesWrong
        self.remedy = remedy
        self.check = check
    }
}

package import RegionAPI
