import Glibc

/// Certificates to develop with, where no cert-manager issues them.
package enum DevelopmentCertificates {
    /// How long they are valid, in days from now.
    package struct Validity: Equatable, Sendable {
        package var authorityDays: Int
        package var serverDays: Int

        package init(authorityDays: Int = 365, serverDays: Int = 90) {
            self.authorityDays = authorityDays
            self.serverDays = serverDays
        }
    }

    /// The files that were written.
    package struct Files: Equatable, Sendable {
        package let authorityCertificate: String
        package let authorityKey: String
        package let serverCertificate: String
        package let serverKey: String
    }

    /// Certificates name no organization, so this is all that tells whose they are.
    private static let authorityName = "unikorn-region-webhook development CA"
    private static let serverName = "unikorn-region-webhook"

    /// Makes a new CA and a serving certificate and writes them as `ca.crt`, `ca.key`, `tls.crt` and `tls.key`, replacing
    /// files of these names. Keys can be read by their owner only. Blocks.
    ///
    /// The directory is made if it is missing. `names` are those clients will use: DNS names and IP addresses.
    @discardableResult
    package static func write(
        directory: String, names: [CertificateName], validity: Validity = Validity()
    ) throws(TLSError) -> Files {
        let now = Int64(time(nil))
        let authority = try CertificateAuthority(
            commonName: authorityName, validity: .init(start: now, days: validity.authorityDays))
        let server = try authority.issueServerCertificate(
            names: names, commonName: serverName, validity: .init(start: now, days: validity.serverDays))
        let issuer = try authority.issued

        let files = Files(
            authorityCertificate: directory + "/ca.crt", authorityKey: directory + "/ca.key",
            serverCertificate: directory + "/tls.crt", serverKey: directory + "/tls.key")
        try PrivateFile.makeDirectory(directory)
        try PrivateFile.replace(files.authorityKey, with: issuer.key, .owner)
        try PrivateFile.replace(files.authorityCertificate, with: issuer.certificate, .everyone)
        try PrivateFile.replace(files.serverKey, with: server.key, .owner)
        try PrivateFile.replace(files.serverCertificate, with: server.certificate, .everyone)
        return files
    }
}
