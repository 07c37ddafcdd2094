import Synchronization
internal import COpenSSL

/// An `SSL_CTX`: what server and client side have in common.
///
/// TLS 1.2 and 1.3 only, suites with authenticated encryption only, no renegotiation, no compression.
final class TLSContext: Sendable {
    /// OpenSSL counts references to an `SSL_CTX` atomically and allows connections to be made from it on any thread;
    /// this class changes it only before it is shared.
    nonisolated(unsafe) let pointer: OpaquePointer
    /// Connections that have been made from this context and not freed.
    let liveConnections = Atomic<Int>(0)

    /// AES-128 first: as strong as the P-256 or X25519 exchange it follows, and the fastest with AES instructions.
    /// Clients without these put ChaCha20 first and get it.
    private static let suites13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    private static let suites12 =
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
        + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305"
    private static let groups = "X25519:P-256:P-384"

    enum Side {
        case server
        case client
    }

    init(_ side: Side) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        guard let pointer = SSL_CTX_new(side == .server ? TLS_server_method() : TLS_client_method()) else {
            throw OpenSSLErrorQueue.libraryError("SSL_CTX_new")
        }
        self.pointer = pointer
        COpenSSL_CTX_set_hardened_options(pointer)
        guard COpenSSL_CTX_set_protocol_range(pointer) == 1, SSL_CTX_set_ciphersuites(pointer, Self.suites13) == 1,
            SSL_CTX_set_cipher_list(pointer, Self.suites12) == 1,
            COpenSSL_CTX_set1_groups_list(pointer, Self.groups) == 1
        else { throw OpenSSLErrorQueue.libraryError("configuring the SSL_CTX") }
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    /// Presents the first certificate, with the others as its chain, and proves it with the key.
    func use(_ chain: [Certificate], from chainName: String, key: PrivateKey, from keyName: String) throws(TLSError) {
        guard let leaf = chain.first else { throw .noCertificate(file: chainName) }
        guard key.matches(leaf) else { throw .keyMismatch(keyFile: keyName, certificateFile: chainName) }
        OpenSSLErrorQueue.clear()
        guard SSL_CTX_use_certificate(pointer, leaf.pointer) == 1 else {
            throw .invalidCertificate(file: chainName, reasons: OpenSSLErrorQueue.drain().texts)
        }
        for certificate in chain.dropFirst() {
            guard COpenSSL_CTX_add1_chain_cert(pointer, certificate.pointer) == 1 else {
                throw .invalidCertificate(file: chainName, reasons: OpenSSLErrorQueue.drain().texts)
            }
        }
        guard SSL_CTX_use_PrivateKey(pointer, key.pointer) == 1 else {
            throw .invalidPrivateKey(file: keyName, reasons: OpenSSLErrorQueue.drain().texts)
        }
    }

    /// Makes every one of the certificates a trust anchor, as Go does, whether it is self-signed or an intermediate.
    func trust(_ anchors: [Certificate], from name: String) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        let store = SSL_CTX_get_cert_store(pointer)
        X509_STORE_set_flags(store, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        for anchor in anchors {
            guard X509_STORE_add_cert(store, anchor.pointer) == 1 else {
                throw .invalidCertificate(file: name, reasons: OpenSSLErrorQueue.drain().texts)
            }
        }
    }

    /// Requires the peer to present a certificate that verifies.
    func requirePeerCertificate() {
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nil)
    }
}
