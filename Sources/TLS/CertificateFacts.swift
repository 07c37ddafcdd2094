/// What can be said about a certificate without judging it.
package struct CertificateFacts: Equatable, Sendable {
    /// RFC 2253: `CN=region,O=unikorn`. Empty if the certificate has no subject.
    package let subject: String
    /// The first second of its validity, in seconds since 1970.
    package let notBefore: Int64
    /// The last second of its validity, in seconds since 1970.
    package let notAfter: Int64
    /// It may sign other certificates.
    package let isCA: Bool

    package init(subject: String, notBefore: Int64, notAfter: Int64, isCA: Bool) {
        self.subject = subject
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.isCA = isCA
    }
}
