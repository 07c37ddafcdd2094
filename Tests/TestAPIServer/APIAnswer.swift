import Foundation

/// An answer in full.
struct APIAnswer {
    var status: Int
    var headers: [String: String] = [:]
    var contentType = "application/json"
    var body: Data

    init(status: Int, contentType: String, body: Data) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    init(_ status: Int, _ object: [String: Any]) {
        self.status = status
        body = (try? JSONSerialization.data(withJSONObject: object)) ?? Data()
    }

    static func status(_ code: Int, _ reason: String, _ message: String, retryAfterSeconds: Int? = nil) -> APIAnswer {
        var object: [String: Any] = [
            "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code, "reason": reason,
            "message": message,
        ]
        if let retryAfterSeconds { object["details"] = ["retryAfterSeconds": retryAfterSeconds] }
        return APIAnswer(code, object)
    }
}

extension APIRequest.Target {
    package static let regions = Self(
        group: "region.unikorn-cloud.org", version: "v1alpha1", resource: "regions", namespace: nil)
    package static let nodes = Self(group: "", version: "v1", resource: "nodes", namespace: nil)
    package static func secrets(_ namespace: String) -> Self {
        Self(group: "", version: "v1", resource: "secrets", namespace: namespace)
    }
    package static func leases(_ namespace: String) -> Self {
        Self(group: "coordination.k8s.io", version: "v1", resource: "leases", namespace: namespace)
    }
}
