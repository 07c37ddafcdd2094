/// The type of an object, as `apiVersion` and `kind` or an AdmissionReview's `request.kind` name it.
package struct GroupVersionKind: Hashable, Sendable {
    package var group: String
    package var version: String
    package var kind: String

    package init(group: String, version: String, kind: String) {
        self.group = group
        self.version = version
        self.kind = kind
    }

    /// Splits an `apiVersion`: `v1` is version v1 of the core group, whose name is empty.
    package init(apiVersion: String, kind: String) {
        if let slash = apiVersion.firstIndex(of: "/") {
            group = String(apiVersion[..<slash])
            version = String(apiVersion[apiVersion.index(after: slash)...])
        } else {
            group = ""
            version = apiVersion
        }
        self.kind = kind
    }

    package var apiVersion: String { group.isEmpty ? version : group + "/" + version }
}

/// The name of an object in a cluster. Uid is not part of it: every attempt of a create has another.
package struct ObjectName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Empty for a cluster-scoped object, and offline for one that leaves its namespace to `kubectl -n`.
    package var namespace: String
    package var name: String

    package init(namespace: String, name: String) {
        self.namespace = namespace
        self.name = name
    }

    package var description: String { namespace.isEmpty ? name : namespace + "/" + name }

    package static func < (left: ObjectName, right: ObjectName) -> Bool {
        (left.namespace, left.name) < (right.namespace, right.name)
    }
}
