import KubernetesTypes
package import Policy

/// The answer to a review, before it is written.
package struct Decision: Sendable {
    /// HTTP code of the status: 200 allowed, 422 invalid, 429 to be tried again.
    package var code: Int {
        if isAllowed { return 200 }
        return retryAfterSeconds == nil ? StatusCode.unprocessableEntity : StatusCode.tooManyRequests
    }
    package let isAllowed: Bool
    /// What the rules found, in the order of fields; denials and warnings.
    package let findings: [Finding]
    package let defaults: [Default]
    /// Whether the object's kind has no rules here.
    package let isUnknownKind: Bool
    /// Why nothing can be decided for the moment: the request is to be sent again (503 with `Retry-After`, which the API
    /// server does within its deadline). Nothing else of the decision counts then.
    package let unavailable: String?
    /// Set where it is refused for what will pass: the client may try again after so many seconds. kubectl does, and is
    /// silent about it up to ten times.
    package let retryAfterSeconds: Int?

    /// `isPassing` says that what is refused is refused for the moment only.
    package init(
        findings: [Finding] = [], defaults: [Default] = [], isUnknownKind: Bool = false, isPassing: Bool = false
    ) {
        self.findings = findings.sortedByField()
        self.defaults = defaults
        self.isUnknownKind = isUnknownKind
        unavailable = nil
        isAllowed = !findings.contains { $0.severity == .deny }
        retryAfterSeconds = isPassing && !isAllowed ? Self.retryAfterSeconds : nil
    }

    package init(unavailable reason: String) {
        findings = []
        defaults = []
        isUnknownKind = false
        unavailable = reason
        isAllowed = false
        retryAfterSeconds = nil
    }

    /// Another request takes milliseconds to be refused, or to be stored and seen.
    private static let retryAfterSeconds = 1

    package var denials: [Finding] { findings.filter { $0.severity == .deny } }

    /// The ids of the rules that found something of a severity, each once, in the order of their findings.
    package func rules(_ severity: Severity) -> [RuleID] {
        var rules: [RuleID] = []
        // By index: a finding is large, and an iterator copies each.
        for index in findings.indices where findings[index].severity == severity {
            let rule = findings[index].rule
            if !rules.contains(rule) { rules.append(rule) }
        }
        return rules
    }
}

/// HTTP status codes that a Status carries.
package enum StatusCode {
    /// `reason: Invalid`, with a cause for each field.
    package static let unprocessableEntity = 422
    /// `reason: TooManyRequests`, with `details.retryAfterSeconds`.
    package static let tooManyRequests = 429
}

/// A warning, as the API server passes it on in a header (RFC 7234, `Warning: 299`).
package enum Warning {
    /// Runes (Unicode scalars) that the API server leaves of each warning once all of them exceed 4,096.
    package static let maximumLength = 256
    /// More than a user reads; a Region of thousands of flavors could make thousands.
    package static let maximumCount = 64

    /// Appends the warnings of a decision as a JSON array of strings, each short enough that the API server does not cut
    /// it; nothing where there are none.
    static func append(_ findings: [Finding], to output: inout [UInt8]) {
        var count = 0
        var line: [UInt8] = []
        for index in findings.indices where findings[index].severity == .warn {
            count += 1
            if count >= maximumCount { continue }
            let finding = findings[index]
            output.append(json: count == 1 ? #","warnings":["# : ",")
            if line.isEmpty { line.reserveCapacity(maximumLength) }
            line.removeAll(keepingCapacity: true)
            finding.appendLine(to: &line)
            let isPlain = line.withUnsafeBufferPointer { $0.count <= maximumLength && PlainBytes.arePrintable($0) }
            if isPlain {
                line.withUnsafeBufferPointer { output.append(jsonString: $0) }
            } else {
                output.append(jsonString: shortened(line, finding.rule))
            }
        }
        guard count > 0 else { return }
        if count == maximumCount, let last = findings.last(where: { $0.severity == .warn }) {
            output.append(json: ",")
            output.append(jsonString: shortened([UInt8](last.line.utf8), last.rule))
        } else if count > maximumCount {
            output.append(json: ",")
            output.append(jsonString: "and \(count - maximumCount + 1) more warnings")
        }
        output.append(UInt8(ascii: "]"))
    }

    /// A line in at most 256 scalars and without control characters, which make the API server drop a warning. What is
    /// too long loses the end of its sentence, never its rule.
    private static func shortened(_ line: [UInt8], _ rule: RuleID) -> String {
        let text = String(decoding: line, as: UTF8.self)
        let whole = PrintableText.escaped(text, limit: .max)
        guard whole.unicodeScalars.count > maximumLength else { return whole }
        let tail = " [\(rule.rawValue)]"
        return PrintableText.escaped(text, limit: maximumLength - tail.unicodeScalars.count) + tail
    }
}
