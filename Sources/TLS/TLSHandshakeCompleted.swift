/// A version of the TLS protocol.
package enum TLSVersion: String, Sendable {
    case tls12 = "TLSv1.2"
    case tls13 = "TLSv1.3"
}

/// Sent up the pipeline as a user event when the handshake is complete, before the first plaintext.
package struct TLSHandshakeCompleted: Equatable, Sendable {
    package let version: TLSVersion
    /// OpenSSL's name of the cipher suite: `TLS_AES_128_GCM_SHA256`.
    package let cipher: String
    /// An earlier session was resumed; for a client certificate this means that it was verified then.
    package let isResumed: Bool
    /// What ALPN selected: `http/1.1`, or nothing if the peer does not use ALPN.
    package let applicationProtocol: String?
    /// The certificate the peer presented. For a server: nothing unless it asks for client certificates.
    package let peerCertificate: CertificateFacts?

    /// The subject of the peer's certificate, as RFC 2253 writes it.
    package var peerSubject: String? { peerCertificate?.subject }
}
