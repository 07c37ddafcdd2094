import KubernetesTypes
package import Policy

/// The answer to a review, before it is written.
package struct Decision: Sendable {
    /// HTTP code of the status: 200 allowed, 422 invalid.
    package var code: Int { isAllowed ? 200 : StatusCode.unprocessableEntity }
    package let isAllowed: Bool
    /// What the rules found, in the order of fields; denials and warnings.
    package let findings: [Finding]
    package let defaults: [Default]
    /// Whether the object's kind has no rules here.
    package let isUnknownKind: Bool

    package init(findings: [Finding] = [], defaults: [Default] = [], isUnknownKind: Bool = false) {
        self.findings = findings.sortedByField()
        self.defaults = defaults
        self.isUnknownKind = isUnknownKind
        isAllowed = !findings.contains { $0.severity == .deny }
    }

    package var denials: [Finding] { findings.filter { $0.severity == .deny } }

    /// The warnings, each short enough that the API server does not cut it.
    package var warnings: [String] {
        let all = findings.filter { $0.severity == .warn }
        guard all.count > Warning.maximumCount else { return all.map(Warning.text) }
        let shown = all.prefix(Warning.maximumCount - 1)
        return shown.map(Warning.text) + ["and \(all.count - shown.count) more warnings"]
    }
}

/// HTTP status codes that a Status carries.
package enum StatusCode {
    /// `reason: Invalid`, with a cause for each field.
    package static let unprocessableEntity = 422
}

/// A warning, as the API server passes it on in a header (RFC 7234, `Warning: 299`).
package enum Warning {
    /// Runes (Unicode scalars) that the API server leaves of each warning once all of them exceed 4,096.
    package static let maximumLength = 256
    /// More than a user reads; a Region of thousands of flavors could make thousands.
    package static let maximumCount = 64

    /// A finding in at most 256 scalars and without control characters, which make the API server drop a warning. What
    /// is too long loses the end of its sentence, never its rule.
    package static func text(for finding: Finding) -> String {
        let line = PrintableText.escaped(finding.line, limit: .max)
        guard line.unicodeScalars.count > maximumLength else { return line }
        let tail = " [\(finding.rule.rawValue)]"
        let body = PrintableText.escaped(finding.line, limit: maximumLength - tail.unicodeScalars.count)
        return body + tail
    }
}
