import Synchronization
internal import COpenSSL

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

/// What every connection of a client has in common. Immutable.
package final class TLSClientContext: Sendable {
    let context: TLSContext

    /// Connections made from this context that are still in memory.
    package var liveConnectionCount: Int { context.liveConnections.load(ordering: .relaxed) }

    /// In errors the PEM texts are called `CA certificates`, `client certificate` and `client key`.
    package init(_ configuration: TLSClientConfiguration) throws(TLSError) {
        context = try TLSContext(.client)
        context.requirePeerCertificate()
        switch configuration.trust {
        case .certificates(let pem):
            let contents = FileContents.copy(of: pem, name: "CA certificates")
            try context.trust(try Certificate.all(in: contents), from: contents.name)
        case .system:
            OpenSSLErrorQueue.clear()
            guard SSL_CTX_set_default_verify_paths(context.pointer) == 1 else {
                throw OpenSSLErrorQueue.libraryError("SSL_CTX_set_default_verify_paths")
            }
        }
        if let identity = configuration.identity {
            let chain = FileContents.copy(of: identity.certificateChain, name: "client certificate")
            let key = FileContents.copy(of: identity.privateKey, name: "client key")
            try context.use(
                try Certificate.all(in: chain), from: chain.name, key: try PrivateKey(in: key), from: key.name)
        }
        // Unlike the rest of OpenSSL this function returns 0 for success.
        let offer = ALPN.offer
        guard SSL_CTX_set_alpn_protos(context.pointer, offer, UInt32(offer.count)) == 0 else {
            throw OpenSSLErrorQueue.libraryError("SSL_CTX_set_alpn_protos")
        }
    }
}
