/// Why a request to the Kubernetes API has no good answer. No case holds a token, a key or the content of an object.
package struct KubernetesError: Error, Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The API answered with another status than 2xx.
        case status(APIStatus)
        /// No connection came about, or it was lost before the response was complete.
        case connection(String)
        /// TLS failed: an unknown authority, another host name, a client certificate that was refused.
        case tls(String)
        /// The request's own deadline.
        case timedOut
        /// What was answered is no HTTP, no JSON, cut short, or larger than it may be.
        case invalidResponse(String)
        /// Token, certificate or key cannot be read or used.
        case credentials(String)
        /// More requests wait for a connection than the pool keeps.
        case overloaded
        /// The task that asked was cancelled.
        case cancelled
        /// The client was shut down.
        case shutDown
    }

    package let kind: Kind
    /// The API server may have done what was asked, or may still do it: the request was written, and no answer says
    /// otherwise. Never true of what the server refused (4xx); true of a 5xx other than 503.
    package let isOutcomeUnknown: Bool

    package init(_ kind: Kind, isOutcomeUnknown: Bool = false) {
        self.kind = kind
        self.isOutcomeUnknown = isOutcomeUnknown
    }

    /// The API's answer, if there was one.
    package var status: APIStatus? {
        if case .status(let status) = kind { status } else { nil }
    }

    /// 404, of the object or of the resource itself: an API that has no such CRD answers the same code.
    package var isNotFound: Bool { status?.code == 404 }
    /// 409 because the object is there already.
    package var isAlreadyExists: Bool { status?.reason == "AlreadyExists" }
    /// 409 because a resourceVersion or a precondition is not that of the stored object.
    package var isConflict: Bool { status.map { $0.code == 409 && $0.reason != "AlreadyExists" } ?? false }
    /// 403.
    package var isForbidden: Bool { status?.code == 403 }
    /// 410: the resourceVersion or the continue token is older than what the server remembers.
    package var isExpired: Bool { status.map { $0.code == 410 || $0.reason == "Expired" } ?? false }
}

extension KubernetesError: CustomStringConvertible {
    /// One line that can stand alone.
    package var description: String {
        switch kind {
        case .status(let status): status.description
        case .connection(let reason): reason
        case .tls(let reason): reason
        case .timedOut: "the API server did not answer in time"
        case .invalidResponse(let reason): "the API server's answer is unusable: \(reason)"
        case .credentials(let reason): reason
        case .overloaded: "too many requests wait for a connection to the API server"
        case .cancelled: "cancelled"
        case .shutDown: "the client was shut down"
        }
    }
}
