package import KubernetesTypes

/// The body of a request for admission, as kube-apiserver writes it.
package struct ReviewBody {
    package var version = "admission.k8s.io/v1"
    package var uid = "4d2d04b6-503b-4fba-b1f6-6cc913bcb9f8"
    package var kind: GroupVersionKind
    package var resource: String
    package var subresource: String?
    package var name = ""
    package var namespace: String?
    package var operation = "CREATE"
    package var username = "admin"
    package var groups = ["system:masters", "system:authenticated"]
    /// JSON.
    package var object: String?
    /// JSON.
    package var oldObject: String?
    package var isDryRun = false

    /// The namespace that `kubectl -n` would give an object that says none.
    package static let defaultNamespace = "unikorn-region"

    package init(kind: GroupVersionKind, resource: String) {
        self.kind = kind
        self.resource = resource
    }

    package init(region object: String? = nil, old: String? = nil, operation: String = "CREATE") {
        self.init(
            kind: GroupVersionKind(group: "region.unikorn-cloud.org", version: "v1alpha1", kind: "Region"),
            resource: "regions")
        namespace = Self.defaultNamespace
        self.operation = operation
        self.object = object
        oldObject = old
    }

    package init(node object: String? = nil, old: String? = nil, operation: String = "CREATE") {
        self.init(kind: GroupVersionKind(group: "", version: "v1", kind: "Node"), resource: "nodes")
        self.operation = operation
        self.object = object
        oldObject = old
    }

    package init(creating object: FixtureObject) {
        let json = String(decoding: object.json, as: UTF8.self)
        self.init(region: json)
        if object.kind == "Node" { self.init(node: json) }
        name = object.name
        if object.kind == "Region" { namespace = object.namespace ?? Self.defaultNamespace }
    }

    package var json: String {
        let api = #""group":\#(quote(self.kind.group)),"version":\#(quote(self.kind.version))"#
        let kind = #"{\#(api),"kind":\#(quote(self.kind.kind))}"#
        let resource = #"{\#(api),"resource":\#(quote(resource))}"#
        var request = #"{"uid":\#(quote(uid)),"kind":\#(kind),"resource":\#(resource)"#
        if let subresource { request += #","subResource":\#(quote(subresource))"# }
        request += #","requestKind":\#(kind),"requestResource":\#(resource),"name":\#(quote(name))"#
        if let namespace { request += #","namespace":\#(quote(namespace))"# }
        request += #","operation":\#(quote(operation)),"userInfo":{"username":\#(quote(username)),"groups":["#
        request += groups.map(quote).joined(separator: ",")
        request += #"]},"object":\#(object ?? "null"),"oldObject":\#(oldObject ?? "null"),"dryRun":\#(isDryRun)}"#
        return #"{"kind":"AdmissionReview","apiVersion":\#(quote(version)),"request":\#(request)}"#
    }

    package var bytes: [UInt8] { Array(json.utf8) }

    private func quote(_ string: String) -> String {
        var json: [UInt8] = []
        json.append(jsonString: string)
        return String(decoding: json, as: UTF8.self)
    }
}
