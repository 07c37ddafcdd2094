/// Questions about certificates and keys in memory, for rules that look at them. Nothing is read or kept.
///
/// `name` is what errors call the text: `kubeconfig: users[0].client-key-data`. No error quotes the text itself.
package enum CertificateInspection {
    /// The facts of every certificate of a PEM text, in its order. A text without one is an error.
    package static func certificates(inPEM pem: [UInt8], name: String) throws(TLSError) -> [CertificateFacts] {
        try Certificate.all(in: .copy(of: pem, name: name)).map(\.facts)
    }

    /// Succeeds if the PEM text holds a private key that can be used without a pass phrase.
    package static func checkPrivateKey(inPEM pem: [UInt8], name: String) throws(TLSError) {
        _ = try PrivateKey(in: .copy(of: pem, name: name))
    }

    /// Succeeds if the private key is that of the first certificate.
    package static func checkPrivateKey(
        inPEM key: [UInt8], name: String, matches certificate: [UInt8], certificateName: String
    ) throws(TLSError) {
        let chain = try Certificate.all(in: .copy(of: certificate, name: certificateName))
        let key = try PrivateKey(in: .copy(of: key, name: name))
        guard let leaf = chain.first, key.matches(leaf) else {
            throw .keyMismatch(keyFile: name, certificateFile: certificateName)
        }
    }

    /// Whether the PEM text's public key is on an elliptic curve, as ECDSA signatures need. No public key is an error.
    package static func isECPublicKey(inPEM pem: [UInt8], name: String) throws(TLSError) -> Bool {
        try PublicKey(in: .copy(of: pem, name: name)).isEC
    }
}
