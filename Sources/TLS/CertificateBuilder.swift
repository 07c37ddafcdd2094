internal import COpenSSL

/// Makes one X.509 version 3 certificate.
struct CertificateBuilder {
    let commonName: String
    let validity: CertificateAuthority.Validity
    /// The key the certificate is for.
    let key: PrivateKey

    private static let version3 = 2
    /// Random numbers, so that no state has to be kept; CAs must use 64 bits at least and 159 at most.
    private static let serialNumberBits: Int32 = 128

    /// Signs with the issuer's key, or with the certificate's own if there is none.
    ///
    /// Extension values are in the syntax of `x509v3_config(5)` and must not hold unchecked text.
    func sign(
        extensions: [(id: Int32, value: String)], issuer: (certificate: Certificate, key: PrivateKey)?
    ) throws(TLSError) -> Certificate {
        OpenSSLErrorQueue.clear()
        guard let pointer = X509_new() else { throw OpenSSLErrorQueue.libraryError("X509_new") }
        let certificate = Certificate(owning: pointer)

        let subject = X509_get_subject_name(pointer)
        let name = Array(commonName.utf8)
        guard X509_set_version(pointer, Self.version3) == 1, Self.setRandomSerialNumber(pointer),
            X509_NAME_add_entry_by_NID(subject, NID_commonName, MBSTRING_UTF8, name, Int32(name.count), -1, 0) == 1,
            X509_set_issuer_name(pointer, issuer.map { X509_get_subject_name($0.certificate.pointer) } ?? subject) == 1,
            ASN1_TIME_set(X509_getm_notBefore(pointer), Int(validity.notBefore)) != nil,
            ASN1_TIME_set(X509_getm_notAfter(pointer), Int(validity.notAfter)) != nil,
            X509_set_pubkey(pointer, key.pointer) == 1
        else { throw OpenSSLErrorQueue.libraryError("making the certificate") }

        for (id, value) in extensions {
            guard Self.add(id, value, to: pointer, issuer: issuer?.certificate.pointer ?? pointer) else {
                throw OpenSSLErrorQueue.libraryError("making a certificate extension")
            }
        }
        guard X509_sign(pointer, (issuer?.key ?? key).pointer, EVP_sha256()) > 0 else {
            throw OpenSSLErrorQueue.libraryError("signing the certificate")
        }
        return certificate
    }

    private static func setRandomSerialNumber(_ certificate: OpaquePointer) -> Bool {
        let number = BN_new()
        defer { BN_free(number) }
        // The highest bit is set, so that it is never 0 and always as long as it should be.
        return BN_rand(number, serialNumberBits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
            && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != nil
    }

    private static func add(_ id: Int32, _ value: String, to certificate: OpaquePointer, issuer: OpaquePointer) -> Bool
    {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer, certificate, nil, nil, 0)
        guard let made = X509V3_EXT_conf_nid(nil, &context, id, value) else { return false }
        defer { X509_EXTENSION_free(made) }
        return X509_add_ext(certificate, made, -1) == 1
    }
}
