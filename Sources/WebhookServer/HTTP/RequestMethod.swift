import KubernetesTypes

/// The method of a request. Three are served somewhere; the others are known, so that they can be told from noise.
enum RequestMethod: Equatable {
    case get
    case head
    case post
    case other

    /// Nothing for what is not registered, and for CONNECT, whose target is never a path.
    init?(_ name: Text) {
        if name == "POST" {
            self = .post
        } else if name == "GET" {
            self = .get
        } else if name == "HEAD" {
            self = .head
        } else if Self.others.contains(where: { name == $0 }) {
            self = .other
        } else {
            return nil
        }
    }

    /// The rest of IANA's HTTP Method Registry that clients are seen to send.
    private static let others: [StaticString] = [
        "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "ACL", "BIND", "CHECKOUT", "COPY", "LINK", "LOCK", "MERGE",
        "MKACTIVITY", "MKCALENDAR", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "QUERY", "REBIND", "REPORT", "SEARCH",
        "UNBIND", "UNLINK", "UNLOCK",
    ]
}
