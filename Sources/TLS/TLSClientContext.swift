import Synchronization
internal import COpenSSL

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
