internal import COpenSSL

/// A certificate authority in memory, for development and tests. Keys are on P-256.
package final class CertificateAuthority {
    /// When a certificate is valid.
    package struct Validity: Equatable, Sendable {
        /// Seconds since 1970. The certificate is valid from five minutes before, for clocks that are behind.
        package var start: Int64
        /// Days from the start. The validity ends with the year 9999 at the latest.
        package var days: Int

        /// What a clock may be behind.
        static let backdating: Int64 = 300
        private static let day: Int64 = 86_400
        /// The last second of the year 9999, which no certificate can go beyond (RFC 5280, section 4.1.2.5).
        private static let latest: Int64 = 253_402_300_799

        package init(start: Int64, days: Int) {
            self.start = start
            self.days = days
        }

        var notBefore: Int64 { max(start, Self.backdating) - Self.backdating }

        var notAfter: Int64 {
            let (seconds, isTooLong) = Int64(max(days, 0)).multipliedReportingOverflow(by: Self.day)
            let (end, isTooLate) = start.addingReportingOverflow(seconds)
            return isTooLong || isTooLate ? Self.latest : min(end, Self.latest)
        }
    }

    /// A certificate with its key, both PEM.
    package struct Issued {
        let certificate: FileContents
        let key: FileContents

        /// The certificate's text.
        package var certificatePEM: [UInt8] { certificate.withBytes { Array($0) } }
        /// The private key's text. The copy is the caller's to keep from others.
        package var privateKeyPEM: [UInt8] { key.withBytes { Array($0) } }
    }

    private let certificate: Certificate
    private let key: PrivateKey

    /// Makes a key and a self-signed certificate that may sign certificates of servers and clients, but of no other CA.
    package init(commonName: String, validity: Validity) throws(TLSError) {
        key = try PrivateKey.generate()
        certificate = try CertificateBuilder(commonName: commonName, validity: validity, key: key).sign(
            extensions: [
                (NID_basic_constraints, "critical,CA:TRUE,pathlen:0"),
                (NID_key_usage, "critical,keyCertSign,cRLSign"),
                (NID_subject_key_identifier, "hash"),
            ], issuer: nil)
    }

    /// The authority's own certificate, and its key.
    package var issued: Issued {
        get throws(TLSError) { Issued(certificate: try certificate.pem, key: try key.pem) }
    }

    /// Issues a certificate for a server that is reached by these names.
    package func issueServerCertificate(
        names: [CertificateName], commonName: String, validity: Validity
    ) throws(TLSError) -> Issued {
        let alternatives = names.map { name in
            switch name {
            case .dns(let name): "DNS:\(name)"
            case .ip(let address): "IP:\(address)"
            }
        }
        return try issue(
            commonName, validity, purpose: "serverAuth",
            // No name can hold a comma or a colon that would be read as the start of another: see CertificateName.
            alternatives.isEmpty ? [] : [(NID_subject_alt_name, alternatives.joined(separator: ","))])
    }

    /// Issues a certificate a client identifies itself with.
    package func issueClientCertificate(commonName: String, validity: Validity) throws(TLSError) -> Issued {
        try issue(commonName, validity, purpose: "clientAuth", [])
    }

    private func issue(
        _ commonName: String, _ validity: Validity, purpose: String, _ more: [(Int32, String)]
    ) throws(TLSError) -> Issued {
        let leafKey = try PrivateKey.generate()
        let leaf = try CertificateBuilder(commonName: commonName, validity: validity, key: leafKey).sign(
            extensions: [
                (NID_basic_constraints, "critical,CA:FALSE"),
                (NID_key_usage, "critical,digitalSignature"),
                (NID_ext_key_usage, purpose),
                (NID_subject_key_identifier, "hash"),
                (NID_authority_key_identifier, "keyid:always"),
            ] + more, issuer: (certificate, key))
        return Issued(certificate: try leaf.pem, key: try leafKey.pem)
    }
}
