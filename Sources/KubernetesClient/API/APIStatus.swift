package import KubernetesTypes

/// An answer of the API other than success (upstream: `metav1.Status`).
package struct APIStatus: Hashable, Sendable {
    /// The HTTP status.
    package let code: Int
    /// `NotFound`, `AlreadyExists`, `Conflict`, `Expired`, …; empty where the answer is no Status.
    package let reason: String
    /// Made safe to print, and cut at 512 scalars. Empty where the answer is no Status: other bodies are not quoted.
    package let message: String
    /// `details.retryAfterSeconds`, or the header `Retry-After` where that is a number.
    package let retryAfterSeconds: Int?
    /// `details.name`, `.group` and `.kind` of what the answer is about.
    package let details: Details

    package struct Details: Hashable, Sendable {
        package var name = ""
        package var group = ""
        package var kind = ""
    }

    package init(
        code: Int, reason: String = "", message: String = "", retryAfterSeconds: Int? = nil,
        details: Details = Details()
    ) {
        self.code = code
        self.reason = reason
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
        self.details = details
    }

    /// Reads a Status; nil where the value is none. `secret` is taken out of the message: a server that echoes the
    /// request must not bring a token into a log.
    package init?(_ value: Value, code: Int, retryAfter: Int?, hiding secret: String? = nil) {
        guard let kind = value["kind"]?.text, kind == "Status" else { return nil }
        var message = value["message"]?.text.map { String($0) } ?? ""
        if let secret, !secret.isEmpty, Self.mentions(message, secret) { message = "(hidden: it quotes the token)" }
        let details = value["details"]
        self.init(
            code: code != 0 ? code : value["code"]?.int.flatMap { Int(exactly: $0) } ?? 0,
            reason: Self.text(value["reason"], limit: 64),
            message: PrintableText.escaped(message, limit: Self.maximumMessage),
            retryAfterSeconds: details?["retryAfterSeconds"]?.int.flatMap { Int(exactly: $0) }.flatMap {
                $0 > 0 ? $0 : nil
            } ?? retryAfter,
            details: Details(
                name: Self.text(details?["name"], limit: 253), group: Self.text(details?["group"], limit: 253),
                kind: Self.text(details?["kind"], limit: 64)))
    }

    /// What a log line holds; validation errors of the API can be megabytes.
    private static let maximumMessage = 512

    private static func text(_ value: Value?, limit: Int) -> String {
        value?.text.map { PrintableText.escaped($0, limit: limit) } ?? ""
    }

    private static func mentions(_ text: String, _ part: String) -> Bool {
        let text = Array(text.utf8)
        let part = Array(part.utf8)
        guard !part.isEmpty, text.count >= part.count else { return false }
        return (0...text.count - part.count).contains { text[$0..<$0 + part.count].elementsEqual(part) }
    }
}

extension APIStatus: CustomStringConvertible {
    package var description: String {
        let reason = reason.isEmpty ? "" : " \(reason)"
        return message.isEmpty
            ? "the API server answered \(code)\(reason)" : "the API server answered \(code)\(reason): \(message)"
    }
}
