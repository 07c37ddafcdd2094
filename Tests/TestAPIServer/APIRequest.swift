package import Foundation

/// A request as the scripted API server got it.
package struct APIRequest: Sendable {
    package let method: String
    /// Without the query.
    package let path: String
    package let query: [String: String]
    package let headers: [String: String]
    package let body: Data
    /// Set once the path is one of the API's.
    package let target: Target?

    package var isWatch: Bool { method == "GET" && query["watch"] == "1" }
    package var isList: Bool { method == "GET" && target != nil && target?.name == nil && !isWatch }
    package var token: String? {
        headers["authorization"].flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
    }

    /// What a path names.
    package struct Target: Hashable, Sendable {
        package var group: String
        package var version: String
        package var resource: String
        package var namespace: String?
        package var name: String?
        package var subresource: String?

        package init(group: String, version: String, resource: String, namespace: String? = nil) {
            self.group = group
            self.version = version
            self.resource = resource
            self.namespace = namespace
        }

        /// `leases`, `regions`: what the store keeps apart.
        package var collection: String { group.isEmpty ? resource : "\(resource).\(group)" }
        package var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    }

    init(method: String, uri: String, headers: [String: String], body: Data) {
        self.method = method
        let parts = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts[0])
        var query: [String: String] = [:]
        for item in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[Self.decoded(pair[0])] = pair.count > 1 ? Self.decoded(pair[1]) : ""
        }
        self.query = query
        self.headers = headers
        self.body = body
        target = Self.target(path)
    }

    private static func decoded(_ text: some StringProtocol) -> String {
        String(text).removingPercentEncoding ?? String(text)
    }

    private static func target(_ path: String) -> Target? {
        var rest = path.split(separator: "/").map { decoded($0) }[...]
        guard let first = rest.popFirst() else { return nil }
        var group = ""
        if first == "apis" {
            guard let name = rest.popFirst() else { return nil }
            group = name
        } else if first != "api" {
            return nil
        }
        guard let version = rest.popFirst() else { return nil }
        var namespace: String?
        if rest.count >= 3, rest.first == "namespaces" {
            rest.removeFirst()
            namespace = rest.popFirst()
        }
        guard let resource = rest.popFirst() else { return nil }
        let name = rest.popFirst()
        var target = Target(group: group, version: version, resource: resource, namespace: namespace)
        target.name = name
        target.subresource = rest.popFirst()
        return target
    }
}

/// What the scripted API server answers instead of the truth.
package enum APIFault: Sendable {
    /// An answer of any kind.
    case answer(Int, headers: [String: String] = [:], body: String = "")
    /// A Status of the API.
    case status(Int, reason: String, retryAfterSeconds: Int? = nil)
    /// Nothing, and the connection is closed; the request has not been executed.
    case close
    /// The request is executed, and the connection closed before a word of the answer.
    case executeAndClose
    /// The true answer up to so many bytes of its body, then the end of the connection.
    case truncated(Int)
    /// The true answer, the pieces of its body this far apart.
    case slow(bytes: Int, milliseconds: Int64)
    /// Nothing, ever.
    case hang
    /// The truth, after a while.
    case delayed(milliseconds: Int64)
}

/// How a watch is made to end.
package enum WatchFault: CaseIterable, Sendable {
    /// In good order.
    case end
    /// The connection is closed in the middle of the stream.
    case cut
    /// Half of an event, then the end of the connection.
    case truncatedFrame
    /// Half of an event, then the end of the response in good order.
    case truncatedFrameInGoodOrder
    /// `410 Gone`, as an event.
    case expired
    /// `500`, as an event.
    case internalError
    /// A line that is no JSON.
    case garbage
    /// An event of an unknown type.
    case unknownType
}
