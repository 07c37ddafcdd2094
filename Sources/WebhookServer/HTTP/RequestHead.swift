package import KubernetesTypes

/// How the end of a body is found.
package enum BodyFraming: Equatable {
    case empty
    /// From Content-Length, which is not zero.
    case length(Int)
    case chunked
}

/// A request head whose framing is beyond doubt. Its texts are views of the bytes it was read from.
package struct RequestHead {
    /// Bytes of the head, an empty line before it included.
    package let length: Int
    let method: RequestMethod
    let methodText: Text
    /// Begins with "/".
    package let target: Text
    package let framing: BodyFraming
    /// A Content-Length or Transfer-Encoding was given, be it for an empty body.
    let hasFraming: Bool
    package let contentType: Text?
    let contentEncoding: Text?
    /// The client waits for "100 Continue" before it sends the body.
    let expectsContinue: Bool
    /// The client means to send another request.
    package let isKeepAlive: Bool

    /// The target without its query.
    var path: Text { target.prefix(target.bytes.firstIndex(of: 0x3F) ?? target.count) }

    /// What follows the "?" of the target.
    var query: Text? { target.bytes.firstIndex(of: 0x3F).map { target.dropFirst($0 + 1) } }

    /// The value of the first parameter of the query that has this name. Nothing is decoded: names and values that are
    /// looked for here have no need of it.
    func parameter(_ name: StaticString) -> Text? {
        guard var rest = query else { return nil }
        while true {
            let end = rest.bytes.firstIndex(of: 0x26) ?? rest.count
            let pair = rest.prefix(end)
            let equals = pair.bytes.firstIndex(of: 0x3D) ?? pair.count
            if pair.prefix(equals) == name { return pair.dropFirst(equals + 1) }
            if end == rest.count { return nil }
            rest = rest.dropFirst(end + 1)
        }
    }
}
