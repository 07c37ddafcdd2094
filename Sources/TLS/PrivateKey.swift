internal import COpenSSL

/// A private key, or the public half alone. Its bytes are overwritten by OpenSSL when it is freed.
final class PrivateKey {
    let pointer: OpaquePointer

    private init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// Reads the first private key of a PEM text: PKCS #8, or the older forms for RSA and EC.
    convenience init(in contents: FileContents) throws(TLSError) {
        let bio = try MemoryBIO(reading: contents)
        var wasAsked = false
        OpenSSLErrorQueue.clear()
        guard let pointer = PEM_read_bio_PrivateKey(bio.pointer, nil, refusePassphrase, &wasAsked) else {
            let failure = OpenSSLErrorQueue.drain()
            if wasAsked { throw .encryptedPrivateKey(file: contents.name) }
            if !contents.mentions("PRIVATE KEY-----") { throw .noPrivateKey(file: contents.name) }
            throw .invalidPrivateKey(file: contents.name, reasons: failure.texts)
        }
        self.init(owning: pointer)
    }

    /// A new key on P-256, which every TLS implementation speaks and whose signatures cost least.
    static func generate() throws(TLSError) -> PrivateKey {
        OpenSSLErrorQueue.clear()
        guard let pointer = COpenSSL_EVP_EC_gen_P256() else { throw OpenSSLErrorQueue.libraryError("EVP_EC_gen") }
        return PrivateKey(owning: pointer)
    }

    /// The certificate was made for this key.
    func matches(_ certificate: Certificate) -> Bool {
        OpenSSLErrorQueue.clear()
        let isMatch = X509_check_private_key(certificate.pointer, pointer) == 1
        OpenSSLErrorQueue.clear()
        return isMatch
    }

    /// Unencrypted PKCS #8 as PEM text.
    var pem: FileContents {
        get throws(TLSError) {
            let bio = try MemoryBIO()
            guard PEM_write_bio_PrivateKey(bio.pointer, pointer, nil, nil, 0, nil, nil) == 1 else {
                throw OpenSSLErrorQueue.libraryError("PEM_write_bio_PrivateKey")
            }
            return bio.contents(name: "private key")
        }
    }
}

/// Answers OpenSSL's request for a pass phrase with a refusal (its own way would be to ask on the terminal), and notes in
/// the `Bool` passed along, if any, that it was asked.
func refusePassphrase(
    _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, wasAsked: UnsafeMutableRawPointer?
) -> Int32 {
    wasAsked?.assumingMemoryBound(to: Bool.self).pointee = true
    return -1
}
