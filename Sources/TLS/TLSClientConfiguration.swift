/// What a client trusts, and how it identifies itself.
package struct TLSClientConfiguration: Sendable {
    /// Whose certificates are accepted from servers.
    package enum Trust: Sendable {
        /// Those signed by one of these certificates (PEM, as in a kubeconfig or a service account's `ca.crt`).
        case certificates(pem: [UInt8])
        /// Those the operating system trusts.
        case system
    }

    /// A certificate and its key, both PEM.
    package struct Identity: Sendable {
        package let certificateChain: [UInt8]
        package let privateKey: [UInt8]

        package init(certificateChain: [UInt8], privateKey: [UInt8]) {
            self.certificateChain = certificateChain
            self.privateKey = privateKey
        }
    }

    package var trust: Trust
    /// Presented when the server asks for a client certificate.
    package var identity: Identity?

    package init(trust: Trust, identity: Identity? = nil) {
        self.trust = trust
        self.identity = identity
    }
}

extension TLSClientConfiguration.Identity: CustomStringConvertible, CustomReflectable {
    /// Neither printing nor dumping shows the key.
    package var description: String { "a client certificate and its key" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
