internal import COpenSSL

/// One X.509 certificate. Immutable once it has been made.
final class Certificate {
    let pointer: OpaquePointer

    /// Takes over one reference.
    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        X509_free(pointer)
    }

    /// Every certificate of a PEM text, in its order; other blocks and text between them are passed over.
    static func all(in contents: FileContents) throws(TLSError) -> [Certificate] {
        let bio = try MemoryBIO(reading: contents)
        var certificates: [Certificate] = []
        OpenSSLErrorQueue.clear()
        while let pointer = PEM_read_bio_X509(bio.pointer, nil, refusePassphrase, nil) {
            certificates.append(Certificate(owning: pointer))
        }
        let failure = OpenSSLErrorQueue.drain()
        guard failure.isMissingPEMBlock else {
            throw .invalidCertificate(file: contents.name, reasons: failure.texts)
        }
        if certificates.isEmpty { throw .noCertificate(file: contents.name) }
        return certificates
    }

    /// What policy asks about a certificate.
    var facts: CertificateFacts {
        CertificateFacts(
            subject: subject,
            // A time that cannot be read counts as the beginning of 1970: long over.
            notBefore: COpenSSL_ASN1_TIME_to_unix(X509_get0_notBefore(pointer)),
            notAfter: COpenSSL_ASN1_TIME_to_unix(X509_get0_notAfter(pointer)),
            isCA: X509_check_ca(pointer) > 0)
    }

    /// The subject as RFC 2253 writes it, control characters and all that is not ASCII escaped.
    var subject: String {
        guard let bio = try? MemoryBIO(), let name = X509_get_subject_name(pointer),
            X509_NAME_print_ex(bio.pointer, name, 0, COpenSSL_XN_FLAG_RFC2253) >= 0
        else { return "" }
        return bio.text
    }

    /// PEM text.
    var pem: FileContents {
        get throws(TLSError) {
            let bio = try MemoryBIO()
            guard PEM_write_bio_X509(bio.pointer, pointer) == 1 else {
                throw OpenSSLErrorQueue.libraryError("PEM_write_bio_X509")
            }
            return bio.contents(name: "certificate")
        }
    }
}
