import KubernetesTypes

/// A class id that a request wants to declare, and the Lease that stands for it.
package struct Claim: Hashable, Sendable {
    /// The class id, lowercase.
    package let id: String
    /// The Lease's name, the same for whoever claims the id.
    package let lease: String

    package init(id: String) {
        self.id = id
        lease = Self.prefix + Self.suffix(for: id)
    }

    /// What a request has to claim: the ids that its object declares and the object it replaces does not, each once, in
    /// the order in which everybody claims them (the opposite orders of two Regions would store neither).
    ///
    /// An object that is being deleted is no exception: the API server stores a PATCH of it.
    package static func all(declared: some Sequence<String>, before: some Sequence<String>) -> [Claim] {
        let new = Set(declared.lazy.map { $0.lowercased() }).subtracting(before.lazy.map { $0.lowercased() })
        return new.filter { !$0.isEmpty }.map { Claim(id: $0) }.sorted { $0.lease < $1.lease }
    }

    /// Of the Leases that stand for class ids, among those of other kinds in the namespace.
    package static let prefix = "node-class-"

    /// An id that is no UUID, which only an operator lets pass who switched the rule off, may hold what no name may: its
    /// digest stands for it.
    private static func suffix(for id: String) -> String {
        if id.withText({ UUIDKey(canonical: $0) }) != nil { return id }
        return "sha256-" + SHA256.digest(id.utf8).prefix(digestBytes).map(hex).joined()
    }

    private static func hex(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
    }

    /// 128 bits, as a UUID has: two ids that share them by chance are not to be expected.
    private static let digestBytes = 16
}

/// One state of one Lease, as the API server names it. Neither part is ever used again for another state.
package struct LeaseVersion: Hashable, Sendable {
    package var uid: String
    package var resourceVersion: String

    package init(uid: String, resourceVersion: String) {
        self.uid = uid
        self.resourceVersion = resourceVersion
    }
}

/// What the protocol reads of a Lease (upstream: `coordination.k8s.io/v1.Lease`).
package struct Lease: Hashable, Sendable {
    package var version: LeaseVersion
    /// `spec.holderIdentity`: `NAMESPACE/NAME` of the Region whose request holds it.
    package var holder: String

    package init(version: LeaseVersion, holder: String) {
        self.version = version
        self.holder = holder
    }
}
