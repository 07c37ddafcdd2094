package import Policy

/// What is counted of a decision, and logged of some.
package struct DecisionRecord: Sendable {
    package var operation: Operation
    /// `regions`.
    package var resource: String
    package var allowed: Bool
    /// `status.code` of the answer.
    package var code: Int
    /// The rules that refused, and those that warned, each once.
    package var deniedRules: [RuleID]
    package var warnedRules: [RuleID]
    /// The defaults that were set.
    package var defaults: [Default.ID]
    /// What was decided about, where that is logged: most decisions are only counted, and need no strings.
    package var subject: ReviewSubject?

    package init(
        operation: Operation, resource: String, allowed: Bool, code: Int = 200, deniedRules: [RuleID] = [],
        warnedRules: [RuleID] = [], defaults: [Default.ID] = [], subject: ReviewSubject? = nil
    ) {
        self.operation = operation
        self.resource = resource
        self.allowed = allowed
        self.code = code
        self.deniedRules = deniedRules
        self.warnedRules = warnedRules
        self.defaults = defaults
        self.subject = subject
    }
}

/// What a review is about, for the log.
package struct ReviewSubject: Sendable {
    package var uid: String
    /// `Region`.
    package var kind: String
    /// `status`, or empty.
    package var subresource: String
    package var namespace: String
    package var name: String
    package var username: String
    package var dryRun: Bool

    package init(
        uid: String, kind: String, subresource: String = "", namespace: String = "", name: String,
        username: String = "", dryRun: Bool = false
    ) {
        self.uid = uid
        self.kind = kind
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
        self.username = username
        self.dryRun = dryRun
    }
}
