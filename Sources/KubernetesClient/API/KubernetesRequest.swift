package import KubernetesTypes
package import NIOCore

/// One request to the Kubernetes API.
package struct KubernetesRequest: Sendable {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// The media type of a body.
    package enum ContentType: String, Sendable {
        case json = "application/json"
        /// RFC 7386.
        case mergePatch = "application/merge-patch+json"
        /// RFC 6902.
        case jsonPatch = "application/json-patch+json"
        /// Server-side apply.
        case applyPatch = "application/apply-patch+yaml"
    }

    /// From the call of `send` to the end of the response: waiting for a connection, connecting and retrying included.
    /// Ten seconds is the longest that the API server waits for a webhook; who answers one sets less.
    package static let defaultTimeout = TimeAmount.seconds(10)

    package var method: Method
    /// As `KubernetesResource.path` makes it: percent-encoded, below the server's URL.
    package var path: String
    /// Encoded when it is sent.
    package var query: [(name: String, value: String)] = []
    package var contentType = ContentType.json
    package var body: [UInt8]?
    package var timeout = KubernetesRequest.defaultTimeout

    package init(_ method: Method, _ path: String, body: [UInt8]? = nil) {
        self.method = method
        self.path = path
        self.body = body
    }

    /// Sending it twice does no harm, whatever became of the first: only reading is safe. A second PUT or DELETE with a
    /// precondition would meet its own first one and call that a conflict.
    var isSafe: Bool { method == .get }

    /// Path and query below the path of the server's URL.
    func target(below base: String) -> String {
        var target = base + path
        for (index, item) in query.enumerated() {
            target += index == 0 ? "?" : "&"
            target += PathSegment.escaped(item.name) + "=" + PathSegment.escaped(item.value)
        }
        return target
    }
}

extension KubernetesRequest {
    /// `GET` of one object.
    package static func get(_ resource: KubernetesResource, _ object: ObjectName) -> KubernetesRequest {
        KubernetesRequest(.get, resource.path(object))
    }

    /// `POST` of a new object, as JSON.
    package static func create(
        _ resource: KubernetesResource, namespace: String? = nil, _ body: [UInt8]
    ) -> KubernetesRequest {
        KubernetesRequest(.post, resource.path(namespace: namespace), body: body)
    }

    /// `PUT` of a whole object, as JSON. With a `metadata.resourceVersion` in it, 409 if that is not the stored one.
    package static func replace(
        _ resource: KubernetesResource, _ object: ObjectName, _ body: [UInt8]
    ) -> KubernetesRequest {
        KubernetesRequest(.put, resource.path(object), body: body)
    }

    /// `PATCH` of an object.
    package static func patch(
        _ resource: KubernetesResource, _ object: ObjectName, _ type: ContentType, _ body: [UInt8]
    ) -> KubernetesRequest {
        var request = KubernetesRequest(.patch, resource.path(object), body: body)
        request.contentType = type
        return request
    }

    /// `DELETE` of an object; with preconditions, 409 unless the stored object meets them.
    package static func delete(
        _ resource: KubernetesResource, _ object: ObjectName, _ preconditions: Preconditions? = nil
    ) -> KubernetesRequest {
        KubernetesRequest(.delete, resource.path(object), body: preconditions?.deleteOptions)
    }
}

/// What must hold of a stored object for it to be deleted (upstream: `metav1.Preconditions`).
package struct Preconditions: Hashable, Sendable {
    package var uid: String?
    package var resourceVersion: String?

    package init(uid: String? = nil, resourceVersion: String? = nil) {
        self.uid = uid
        self.resourceVersion = resourceVersion
    }

    var deleteOptions: [UInt8] {
        var body: [UInt8] = []
        body.append(json: #"{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"#)
        if let uid {
            body.append(json: #""uid":"#)
            body.append(jsonString: uid)
        }
        if let resourceVersion {
            body.append(json: uid == nil ? #""resourceVersion":"# : #","resourceVersion":"#)
            body.append(jsonString: resourceVersion)
        }
        body.append(json: "}}")
        return body
    }
}
