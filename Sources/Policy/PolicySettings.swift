/// What an operator decided about the rules.
package struct PolicySettings: Sendable {
    /// `--rule ID=LEVEL`.
    package var levels: [RuleID: Level] = [:]
    /// `--strict`.
    package var isStrict = false
    /// `--class-id-version any`: a class id need not be of version 4.
    package var acceptsAnyClassIDVersion = false
    /// `--region-namespace`: where the region service looks for its Regions.
    package var regionNamespace = "unikorn-region"
    /// Whether this is the offline validator: an object without a namespace may yet be given one by `kubectl -n`.
    package var isOffline = false
    /// `--when-unknown allow`: a Region that cannot be judged yet is let through with a warning.
    package var allowsUnjudged = false

    /// `--default-from-nodes`: what a flavor lacks is what the Nodes of its class agree on.
    package var takesDefaultsFromNodes = false

    /// Whether a PEM text is an ECDSA public key. The core has no cryptography of its own; OpenSSL answers.
    let isECDSAPublicKey: @Sendable ([UInt8]) -> Bool

    package init(isECDSAPublicKey: @escaping @Sendable ([UInt8]) -> Bool) {
        self.isECDSAPublicKey = isECDSAPublicKey
    }

    /// How a finding of a rule weighs, or nil when the rule is off. What the operator said of the rule itself comes
    /// first, then `--class-id-version`, then `--strict`. `severity` is the finding's own, where the rule has
    /// more than one.
    func severity(of rule: Rule, _ severity: Severity?) -> Severity? {
        if !levels.isEmpty, let level = levels[rule.id] { return level.severity }
        if acceptsAnyClassIDVersion, rule.id == .nodeIDVersion || rule.id == .nodeClassVersion { return .warn }
        guard let standard = severity ?? rule.level.severity else { return nil }
        return isStrict && rule.isDeniedByStrict ? .deny : standard
    }
}
