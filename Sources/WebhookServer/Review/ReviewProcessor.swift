/// Which of the two webhooks is called.
package enum ReviewEndpoint: Sendable {
    /// `POST /validate`
    case validate
    /// `POST /mutate`
    case mutate
}

/// Decides admission reviews. One per event loop, never shared between threads (it owns a reused parser).
package protocol ReviewProcessor: AnyObject {
    /// Decides one review and appends the HTTP response body (JSON) to `response`, which is empty.
    ///
    /// After the bytes of `body` there are always `reviewBodyPadding` more that may be read, as simdjson needs them. The
    /// memory is valid during the call only.
    func process(_ body: UnsafeRawBufferPointer, endpoint: ReviewEndpoint, response: inout [UInt8]) -> ReviewOutcome

    /// Called after a body over 1 MB, when the server has let go of its own buffers: drop large buffers.
    func releaseMemory()
}

/// Readable bytes after the body given to a `ReviewProcessor`. Their value is zero.
package let reviewBodyPadding = 64

/// What became of one review.
package struct ReviewOutcome: Sendable {
    /// The HTTP status; 200 whenever the review was decided, either way.
    package var status: Int
    /// Sent as `Retry-After`; for 429 and 503.
    package var retryAfterSeconds: Int?
    /// What was decided, if it was.
    package var decision: DecisionRecord?
    /// For a 4xx: what was wrong, for the log. Without a response body it is also what the client is told.
    package var problem: String?

    package init(
        status: Int, retryAfterSeconds: Int? = nil, decision: DecisionRecord? = nil, problem: String? = nil
    ) {
        self.status = status
        self.retryAfterSeconds = retryAfterSeconds
        self.decision = decision
        self.problem = problem
    }
}

/// What is logged and counted of a decision.
package struct DecisionRecord: Sendable {
    package var uid: String
    /// `CREATE`, `UPDATE`, `DELETE` or `CONNECT`.
    package var operation: String
    /// `Region`.
    package var kind: String
    /// `regions`.
    package var resource: String
    /// `status`, or empty.
    package var subresource: String
    package var namespace: String
    package var name: String
    package var username: String
    package var dryRun: Bool
    package var allowed: Bool
    /// `status.code` of the answer.
    package var code: Int
    /// Ids of the rules that refused, and of those that warned.
    package var deniedRules: [String]
    package var warnedRules: [String]
    /// Ids of the defaults that were set.
    package var defaults: [String]

    package init(
        uid: String, operation: String, kind: String, resource: String, subresource: String = "",
        namespace: String = "", name: String, username: String = "", dryRun: Bool = false, allowed: Bool,
        code: Int = 200, deniedRules: [String] = [], warnedRules: [String] = [], defaults: [String] = []
    ) {
        self.uid = uid
        self.operation = operation
        self.kind = kind
        self.resource = resource
        self.subresource = subresource
        self.namespace = namespace
        self.name = name
        self.username = username
        self.dryRun = dryRun
        self.allowed = allowed
        self.code = code
        self.deniedRules = deniedRules
        self.warnedRules = warnedRules
        self.defaults = defaults
    }
}
