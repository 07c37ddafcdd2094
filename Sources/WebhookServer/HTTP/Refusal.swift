import KubernetesTypes

/// Why a request is not served, and what its client is told.
struct Refusal: Error, Equatable {
    /// The HTTP status.
    var status: Int
    /// One line: what was found and what is allowed. Printable characters only.
    var message: String
    /// For 405: the methods that are served.
    var allow: String?
    /// For 503: seconds after which to try again.
    var retryAfterSeconds: Int?

    init(_ status: Int, _ message: String, allow: String? = nil, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.message = message
        self.allow = allow
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// What a client sent, as far as it can be repeated in a message: at most 100 characters, printable ASCII only.
    static func quote(_ text: Text) -> String {
        var quoted = "\""
        for byte in text.bytes.prefix(100) {
            quoted.unicodeScalars.append((0x20...0x7E).contains(byte) && byte != 0x22 ? Unicode.Scalar(byte) : "?")
        }
        if text.count > 100 { quoted += "..." }
        return quoted + "\""
    }
}
