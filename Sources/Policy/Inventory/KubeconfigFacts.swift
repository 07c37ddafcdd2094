/// What a kubeconfig says, without any of its secrets: the rules judge these, and who made them forgets the rest.
package struct KubeconfigFacts: Sendable {
    /// A certificate of the kubeconfig.
    package struct Certificate: Hashable, Sendable {
        package enum Role: String, Sendable {
            /// Shown to the region cluster to sign in.
            case client
            /// Verifies the region cluster.
            case authority
        }

        package let role: Role
        /// Seconds since 1970, UTC.
        package let notBefore: Int64
        /// Seconds since 1970, UTC.
        package let notAfter: Int64

        package init(role: Role, notBefore: Int64, notAfter: Int64) {
            self.role = role
            self.notBefore = notBefore
            self.notAfter = notAfter
        }
    }

    /// A fault, with the field of the kubeconfig it is in.
    package struct Fault: Hashable, Sendable {
        package let severity: Severity
        /// The field, as in `clusters[0].cluster.server`.
        package let field: String
        package let detail: String

        package init(_ severity: Severity, _ field: String, _ detail: String) {
            self.severity = severity
            self.field = field
            self.detail = detail
        }
    }

    package var faults: [Fault]
    package var certificates: [Certificate]

    package init(faults: [Fault], certificates: [Certificate]) {
        self.faults = faults
        self.certificates = certificates
    }
}
