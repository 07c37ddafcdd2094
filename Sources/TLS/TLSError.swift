/// What went wrong in TLS, worded for the operator who has to put it right.
///
/// `file` is the path of a file, or the name of the document the PEM text came from. No case ever holds the contents
/// of a file, and so no key material. `reasons` are OpenSSL's own reason texts, oldest first.
package enum TLSError: Error, Equatable, Sendable {
    /// The file does not exist, cannot be read, or is too large to be what it should be.
    case fileUnreadable(file: String, reason: String)
    /// The file or directory cannot be written.
    case fileUnwritable(file: String, reason: String)
    /// There is no PEM block of a certificate in the file.
    case noCertificate(file: String)
    /// A PEM block of a certificate does not decode, or OpenSSL refuses to use the certificate.
    case invalidCertificate(file: String, reasons: [String])
    /// There is no PEM block of a private key in the file.
    case noPrivateKey(file: String)
    /// The PEM block of the private key does not decode, or OpenSSL refuses to use the key.
    case invalidPrivateKey(file: String, reasons: [String])
    /// The private key needs a pass phrase, and there is nobody to ask.
    case encryptedPrivateKey(file: String)
    /// There is no PEM block of a public key in the file, or it does not decode.
    case invalidPublicKey(file: String, reasons: [String])
    /// The private key belongs to another certificate.
    case keyMismatch(keyFile: String, certificateFile: String)
    /// Neither a DNS name nor an IP address.
    case invalidName(String)
    /// The peer did not finish the handshake in time.
    case handshakeTimedOut
    /// The peer closed the connection, or the connection was lost, before the handshake was complete.
    case closedDuringHandshake
    /// The peer speaks plain HTTP to a TLS port.
    case plaintextHTTP
    /// The peer's certificate does not verify; the reason is that of the verification.
    case peerCertificateRejected(reason: String)
    /// The client sent no certificate although one is required.
    case peerCertificateMissing
    /// The peer asked for a TLS 1.2 renegotiation.
    case renegotiationRefused
    /// Handshake or record failed, or the peer sent an alert.
    case protocolFailure(reasons: [String])
    /// A call of the library failed that never should: memory or random numbers ran out.
    case library(operation: String, reasons: [String])
}

extension TLSError: CustomStringConvertible {
    /// One line that can stand alone.
    package var description: String {
        switch self {
        case .fileUnreadable(let file, let reason): "\(file): cannot be read: \(reason)"
        case .fileUnwritable(let file, let reason): "\(file): cannot be written: \(reason)"
        case .noCertificate(let file): "\(file): holds no PEM certificate (-----BEGIN CERTIFICATE-----)"
        case .invalidCertificate(let file, let reasons): "\(file): unusable certificate\(Self.list(reasons))"
        case .noPrivateKey(let file): "\(file): holds no PEM private key (-----BEGIN PRIVATE KEY-----)"
        case .invalidPrivateKey(let file, let reasons): "\(file): unusable private key\(Self.list(reasons))"
        case .encryptedPrivateKey(let file): "\(file): the private key is encrypted; store it without a pass phrase"
        case .invalidPublicKey(let file, let reasons): "\(file): holds no usable PEM public key\(Self.list(reasons))"
        case .keyMismatch(let keyFile, let certificateFile):
            "\(keyFile): the private key does not match the certificate in \(certificateFile)"
        case .invalidName(let name): "\"\(name)\" is neither a DNS name nor an IP address"
        case .handshakeTimedOut: "the peer did not finish the TLS handshake in time"
        case .closedDuringHandshake: "the connection was closed during the TLS handshake"
        case .plaintextHTTP: "the peer speaks plain HTTP, not TLS"
        case .peerCertificateRejected(let reason): "the peer's certificate was refused: \(reason)"
        case .peerCertificateMissing: "the peer did not present the certificate that is required"
        case .renegotiationRefused: "the peer asked for a renegotiation, which is not supported"
        case .protocolFailure(let reasons): "TLS failed\(Self.list(reasons))"
        case .library(let operation, let reasons): "\(operation) failed\(Self.list(reasons))"
        }
    }

    private static func list(_ reasons: [String]) -> String {
        reasons.isEmpty ? "" : ": " + reasons.joined(separator: "; ")
    }
}
