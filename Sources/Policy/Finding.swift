package import KubernetesTypes

/// A fault that a rule found in a field.
package struct Finding: Sendable {
    /// What does not change, in one object: findings are copied and sorted.
    private final class Content: Sendable {
        let path: FieldPath
        let value: String?
        let subject: String?
        let detail: String
        let hint: String?
        let related: Related?

        init(
            path: FieldPath, value: String?, subject: String?, detail: String, hint: String?, related: Related?
        ) {
            self.path = path
            self.value = value
            self.subject = subject
            self.detail = detail
            self.hint = hint
            self.related = related
        }
    }

    package let rule: RuleID
    package var severity: Severity
    package let reason: FieldReason
    /// Set where an update is not the one that brought the fault in.
    package var isOld = false
    private let content: Content

    init(
        rule: RuleID, severity: Severity, reason: FieldReason, path: FieldPath, value: String?, subject: String?,
        detail: String, hint: String?, related: Related?
    ) {
        self.rule = rule
        self.severity = severity
        self.reason = reason
        content = Content(path: path, value: value, subject: subject, detail: detail, hint: hint, related: related)
    }

    package var path: FieldPath { content.path }
    /// The value found, as JSON; nil where there is none to show.
    package var value: String? { content.value }
    /// What the field belongs to, in words a user knows: `flavor "bratwurst"`.
    package var subject: String? { content.subject }
    /// What is allowed, in place of what was found.
    package var detail: String { content.detail }
    /// What to write instead, where that is certain.
    package var hint: String? { content.hint }
    /// The other object of a conflict.
    package var related: Related? { content.related }

    /// The same finding where the old object had the fault too: it refuses nothing.
    var old: Finding {
        guard severity == .deny else { return self }
        var copy = self
        copy.severity = .warn
        copy.isOld = true
        return copy
    }

    /// The other side of a conflict between two objects.
    package struct Related: Hashable, Sendable {
        package let kind: String
        package let object: ObjectName
        package let path: FieldPath

        package init(kind: String, object: ObjectName, path: FieldPath) {
            self.kind = kind
            self.object = object
            self.path = path
        }
    }

    /// The field as messages name it: the path, safe to print. Its keys are the user's.
    package var field: String { PrintableText.escaped(path.description, limit: Self.maximumShownPath) }

    /// Unicode scalars of a path that a message shows. The longest of the API has 90; a label's key has up to 317.
    private static let maximumShownPath = 384

    /// The message without its field: what kubectl prints after `* FIELD: `, the rule's id last.
    package var message: String {
        var text = subject.map { "(\($0)) " } ?? ""
        text += "\(statement) [\(rule.rawValue)]"
        return text
    }

    /// The whole message, for who sees nothing else: field, flavor, what was found, what is allowed, rule.
    package var line: String {
        var text: [UInt8] = []
        appendLine(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends `line`. Most requests that are reported about are reported about in warnings, so these are written
    /// without a string for each part.
    package func appendLine(to text: inout [UInt8]) {
        let start = text.count
        path.append(to: &text)
        // Its keys are the user's: where one is long or not plain, as nearly none is, it is made safe to print.
        let isPlain = text.withUnsafeBufferPointer {
            PlainBytes.arePrintable(UnsafeBufferPointer(rebasing: $0[start...]))
        }
        if text.count - start > Self.maximumShownPath || !isPlain {
            text.removeLast(text.count - start)
            text.append(utf8: field)
        }
        if let subject {
            text.append(json: " (")
            text.append(utf8: subject)
            text.append(json: ")")
        }
        text.append(json: ": ")
        appendPlainStatement(to: &text)
        if let hint {
            text.append(json: ", ")
            text.append(utf8: hint)
        }
        text.append(json: " [")
        text.append(utf8: rule.rawValue)
        text.append(json: "]")
    }

    /// What was found and what is allowed, without field, flavor and rule. Where there is no value to show, as for a change
    /// that is worth a word, the explanation is all there is to say.
    package var statement: String {
        hint.map { "\(plainStatement), \($0)" } ?? plainStatement
    }

    /// The statement without its hint, for who shows that on a line of its own.
    package var plainStatement: String {
        var text: [UInt8] = []
        appendPlainStatement(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    private func appendPlainStatement(to text: inout [UInt8]) {
        // With nothing to show, "Invalid value" says less than the sentence itself.
        if !reason.showsValue || value != nil {
            text.append(utf8: reason.phrase)
            text.append(json: ": ")
            if reason.showsValue, let value {
                text.append(utf8: value)
                text.append(json: ": ")
            }
        }
        text.append(utf8: detail)
        if isOld { text.append(json: " (not new in this update)") }
    }
}

/// What the rules found in one object, in the order of the catalogue.
package struct Findings: Sendable {
    private var kept: [Finding] = []
    /// The first denial that was not kept: with it, what is too wrong to be listed is still refused.
    private var overflow: Finding?
    let settings: PolicySettings
    /// Where nothing may be refused (a kubelet that registers itself): the heaviest severity a finding can have.
    var ceiling: Severity = .deny

    init(_ settings: PolicySettings) {
        self.settings = settings
    }

    package var list: [Finding] { overflow.map { kept + [$0] } ?? kept }

    /// Findings that are kept, some 500 bytes each: more than anybody reads, and few enough that an object made to hurt
    /// (a megabyte of `{"id":""}`) takes no more memory than a large review does.
    static let maximumCount = 20_000

    /// Notes a fault. The severity is the rule's own, as the operator set it.
    ///
    /// `value` is the one found, shown as JSON; `severity` this finding's own, where a rule has two kinds; `limit` the
    /// heaviest it may be here, whatever the operator set; `isOld` whether the version that is replaced had it too.
    mutating func report(
        _ rule: Rule, _ reason: FieldReason, _ path: FieldPath, value: Value? = nil, subject: String? = nil,
        _ detail: String, hint: String? = nil, related: Finding.Related? = nil, as severity: Severity? = nil,
        atMost limit: Severity = .deny, isOld: Bool = false
    ) {
        report(
            rule, reason, path, shown: value.map(Self.show), subject: subject, detail, hint: hint, related: related,
            as: severity, atMost: limit, isOld: isOld)
    }

    /// As `report`, for a value that is no longer in a document.
    mutating func report(
        _ rule: Rule, _ reason: FieldReason, _ path: FieldPath, shown: String?, subject: String? = nil,
        _ detail: String, hint: String? = nil, related: Finding.Related? = nil, as severity: Severity? = nil,
        atMost limit: Severity = .deny, isOld: Bool = false
    ) {
        guard let severity = settings.severity(of: rule, severity) else { return }
        let finding = Finding(
            rule: rule.id, severity: min(severity, ceiling, limit), reason: reason, path: path, value: shown,
            subject: subject, detail: PrintableText.escaped(detail, limit: Self.maximumDetail), hint: hint,
            related: related)
        keep(isOld ? finding.old : finding)
    }

    private mutating func keep(_ finding: Finding) {
        if kept.count < Self.maximumCount {
            kept.append(finding)
        } else if finding.severity == .deny, overflow == nil {
            overflow = finding
        }
    }

    /// Replaces each finding; one that is left of many is as it was.
    mutating func replace(_ transform: (Finding) -> Finding) {
        kept = kept.map(transform)
    }

    /// A value in a message: compact JSON, made safe to print, and short enough to read.
    package static func show(_ value: Value) -> String {
        PrintableText.escaped(String(decoding: value.jsonText, as: UTF8.self), limit: maximumShownValue)
    }

    /// Unicode scalars of a value that a message shows. A warning holds 256 in all, of which the field's path takes up
    /// to 90 and the explanation the rest.
    static let maximumShownValue = 64

    /// Unicode scalars of an explanation. The longest of the rules has 300; what it quotes of others may be longer.
    private static let maximumDetail = 512
}
