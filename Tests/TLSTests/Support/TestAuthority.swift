import Glibc
import TLS

/// A certificate authority with a server certificate for `localhost`, 127.0.0.1 and ::1, in files of its own.
struct TestAuthority {
    let directory: TemporaryDirectory
    let authority: CertificateAuthority
    let caPEM: [UInt8]
    let caFile: String
    let configuration: TLSServerConfiguration

    static var now: Int64 { Int64(time(nil)) }

    init(serverStart: Int64 = now, serverDays: Int = 1) throws {
        directory = try TemporaryDirectory()
        authority = try CertificateAuthority(commonName: "test CA", validity: .init(start: Self.now, days: 1))
        caPEM = try authority.issued.certificatePEM
        caFile = try directory.write("ca.crt", caPEM)
        let server = try authority.issueServerCertificate(
            names: [.dns("localhost"), .ip("127.0.0.1"), .ip("::1")], commonName: "test server",
            validity: .init(start: serverStart, days: serverDays))
        configuration = TLSServerConfiguration(
            certificateChainFile: try directory.write("tls.crt", server.certificatePEM),
            privateKeyFile: try directory.write("tls.key", server.privateKeyPEM))
    }

    /// The same server, for clients of this authority only.
    var mutualConfiguration: TLSServerConfiguration {
        var mutual = configuration
        mutual.clientCAFile = caFile
        return mutual
    }

    func clientIdentity(start: Int64 = now, days: Int = 1) throws -> TLSClientConfiguration.Identity {
        let issued = try authority.issueClientCertificate(
            commonName: "test client", validity: .init(start: start, days: days))
        return .init(certificateChain: issued.certificatePEM, privateKey: issued.privateKeyPEM)
    }

    /// A server, and a client that trusts it.
    static func contexts() throws -> (server: TLSServerContext, client: TLSClientContext) {
        let authority = try TestAuthority()
        return (try TLSServerContext(authority.configuration), try authority.clientContext())
    }

    func clientContext(_ identity: TLSClientConfiguration.Identity? = nil) throws -> TLSClientContext {
        try TLSClientContext(.init(trust: .certificates(pem: caPEM), identity: identity))
    }
}
