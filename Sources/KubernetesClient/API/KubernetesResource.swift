package import KubernetesTypes

/// A resource of the Kubernetes API: what stands in the paths of its requests.
package struct KubernetesResource: Hashable, Sendable {
    /// Empty for the core group.
    package let group: String
    package let version: String
    /// The plural name, as in the path: `leases`.
    package let name: String
    package let isNamespaced: Bool

    package init(group: String, version: String, name: String, isNamespaced: Bool) {
        self.group = group
        self.version = version
        self.name = name
        self.isNamespaced = isNamespaced
    }

    package static let nodes = KubernetesResource(group: "", version: "v1", name: "nodes", isNamespaced: false)
    package static let secrets = KubernetesResource(group: "", version: "v1", name: "secrets", isNamespaced: true)
    package static let events = KubernetesResource(
        group: "events.k8s.io", version: "v1", name: "events", isNamespaced: true)
    package static let leases = KubernetesResource(
        group: "coordination.k8s.io", version: "v1", name: "leases", isNamespaced: true)
    package static let regions = KubernetesResource(
        group: "region.unikorn-cloud.org", version: "v1alpha1", name: "regions", isNamespaced: true)
    package static let subjectAccessReviews = KubernetesResource(
        group: "authorization.k8s.io", version: "v1", name: "subjectaccessreviews", isNamespaced: false)

    /// The path of the collection; without a namespace, that of all namespaces.
    package func path(namespace: String? = nil) -> String {
        var path = group.isEmpty ? "/api/" : "/apis/" + PathSegment.escaped(group) + "/"
        path += PathSegment.escaped(version)
        if isNamespaced, let namespace, !namespace.isEmpty { path += "/namespaces/" + PathSegment.escaped(namespace) }
        return path + "/" + PathSegment.escaped(name)
    }

    /// The path of one object.
    package func path(_ object: ObjectName) -> String {
        path(namespace: object.namespace) + "/" + PathSegment.escaped(object.name)
    }
}
