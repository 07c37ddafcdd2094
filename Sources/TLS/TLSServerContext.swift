import Glibc
import Synchronization
internal import COpenSSL

/// What every connection of a server has in common: certificate, key, trust, and the sessions that can be resumed.
///
/// Immutable; a renewed certificate makes a new context, see `TLSServerContextProvider`. Sessions of one context are
/// not resumed by another, so that a client is verified anew after a change of the client CA.
package final class TLSServerContext: Sendable {
    let context: TLSContext
    /// Facts of the certificate that is presented to clients.
    package let certificate: CertificateFacts
    /// What should be put right although the context works.
    package let warnings: [TLSWarning]

    /// Connections made from this context that are still in memory.
    package var liveConnectionCount: Int { context.liveConnections.load(ordering: .relaxed) }

    /// Sessions that are remembered, some 1,200 bytes each, and the client's certificate where one is required. Beyond it
    /// the oldest are forgotten, and their clients make a full handshake.
    static let sessionCacheSize = 1_024
    /// An hour, so that a client whose certificate has run out is not resumed for much longer.
    static let sessionLifetime = 3_600

    /// Reads the files and makes a context of them. Blocks.
    package convenience init(_ configuration: TLSServerConfiguration) throws(TLSError) {
        try self.init(TLSServerFiles(configuration))
    }

    init(_ files: TLSServerFiles) throws(TLSError) {
        let chain = try Certificate.all(in: files.certificateChain)
        guard let leaf = chain.first else { throw .noCertificate(file: files.certificateChain.name) }
        let key = try PrivateKey(in: files.privateKey)
        context = try TLSContext(.server)
        try context.use(chain, from: files.certificateChain.name, key: key, from: files.privateKey.name)
        COpenSSL_CTX_prefer_server_order(context.pointer)
        SSL_CTX_set_alpn_select_cb(
            context.pointer,
            { _, selected, selectedCount, offer, offerCount, _ in
                ALPN.select(from: UnsafeRawBufferPointer(start: offer, count: Int(offerCount)), selected, selectedCount)
            }, nil)
        try Self.enableResumption(context)

        let now = Int64(time(nil))
        certificate = leaf.facts
        var warnings = TLSWarning.about(chain, of: files.certificateChain.name, now: now)
        if let clientCA = files.clientCA {
            let anchors = try Certificate.all(in: clientCA)
            try context.trust(anchors, from: clientCA.name)
            for anchor in anchors where SSL_CTX_add_client_CA(context.pointer, anchor.pointer) != 1 {
                throw OpenSSLErrorQueue.libraryError("SSL_CTX_add_client_CA")
            }
            context.requirePeerCertificate()
            warnings += TLSWarning.about(anchors, of: clientCA.name, now: now)
        }
        self.warnings = warnings
    }

    private static func enableResumption(_ context: TLSContext) throws(TLSError) {
        // Without a session id context OpenSSL refuses to resume when client certificates are verified.
        let identity = Array("unikorn-region-webhook".utf8)
        guard SSL_CTX_set_session_id_context(context.pointer, identity, UInt32(identity.count)) == 1,
            // One ticket instead of two: clients here keep one connection for long and rarely open several.
            SSL_CTX_set_num_tickets(context.pointer, 1) == 1
        else { throw OpenSSLErrorQueue.libraryError("configuring session resumption") }
        // A ticket names a session that is remembered here. One that holds the session, encrypted, costs a tenth of a
        // resumed handshake more, and is as good as its key, which would have to be changed every hour.
        COpenSSL_CTX_set_server_session_cache(context.pointer, sessionCacheSize)
        SSL_CTX_set_timeout(context.pointer, sessionLifetime)
    }
}
