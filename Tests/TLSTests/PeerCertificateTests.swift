import NIOCore
import TestSupport
import Testing
import TLS

/// Which certificates a server accepts from clients, and a client from servers.
@Suite struct PeerCertificateTests {
    /// Tries a request; tells what the server and the client had to say.
    private func attempt(
        _ server: TestServer, _ context: TLSClientContext, serverName: String = "localhost"
    ) async throws -> TestClient {
        let client = try await TestClient.connect(server.address, context, serverName: serverName)
        // The write fails if the handshake does.
        try? await client.send("GET / HTTP/1.1\r\n\r\n")
        try await client.channel.closeFuture.get()
        try await server.stop()
        return client
    }

    // MARK: The server's view

    @Test func aClientCertificateIsVerifiedAndNamed() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.mutualConfiguration)
        let client = try await attempt(server, authority.clientContext(authority.clientIdentity()))
        #expect(client.receivedText == TestServer.answer)
        #expect(server.log.handshakes.first?.peerSubject == "CN=test client")
        #expect(server.log.errors == [])
    }

    @Test func aMissingClientCertificateIsRefused() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.mutualConfiguration)
        let client = try await attempt(server, authority.clientContext())
        #expect(client.receivedCount == 0)
        #expect(client.log.errors == [.protocolFailure(reasons: ["tlsv13 alert certificate required"])])
        #expect(server.log.handshakes.isEmpty)
        #expect(server.log.errors == [.peerCertificateMissing])
    }

    /// What a client may show that is not enough, in the words of its own library.
    enum NotEnough: CaseIterable {
        case none, anotherAuthority, expired, notYetValid

        func identity(_ authority: TestAuthority) throws -> TLSClientConfiguration.Identity? {
            switch self {
            case .none: nil
            case .anotherAuthority: try TestAuthority().clientIdentity()
            case .expired: try authority.clientIdentity(start: TestAuthority.now - 2 * 86_400)
            case .notYetValid: try authority.clientIdentity(start: TestAuthority.now + 86_400)
            }
        }

        var error: TLSError {
            switch self {
            case .none: .peerCertificateMissing
            case .anotherAuthority: .peerCertificateRejected(reason: "unable to get local issuer certificate")
            case .expired: .peerCertificateRejected(reason: "certificate has expired")
            case .notYetValid: .peerCertificateRejected(reason: "certificate is not yet valid")
            }
        }

        func alert(_ version: String) -> String {
            switch self {
            case .none: version == "-tls1_2" ? "alert handshake failure" : "alert certificate required"
            case .anotherAuthority: "alert unknown ca"
            case .expired: "alert certificate expired"
            case .notYetValid: "alert bad certificate"
            }
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"], NotEnough.allCases)
    func notEnoughIsRefusedInEachVersion(_ version: String, _ shown: NotEnough) async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.mutualConfiguration)
        var certificate = ""
        if let identity = try shown.identity(authority) {
            let text = identity.certificateChain + [0x0A] + identity.privateKey
            certificate = "-cert " + (try authority.directory.write("client.pem", text))
        }
        let result = try await Shell.run(
            #"printf 'GET / HTTP/1.1\r\n\r\n' | openssl s_client -connect 127.0.0.1:$1 $2 $3 -ign_eof"#,
            "\(server.port)", version, certificate)
        #expect(result.output.contains(shown.alert(version)), "\(result.output)")
        #expect(!result.output.contains("200 OK"))
        #expect(server.log.handshakes.isEmpty)
        #expect(server.log.errors == [shown.error])
        try await server.stop()
    }

    @Test func aClientCertificateOfAnotherAuthorityIsRefused() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.mutualConfiguration)
        let client = try await attempt(server, authority.clientContext(TestAuthority().clientIdentity()))
        #expect(client.receivedCount == 0)
        #expect(client.log.errors == [.protocolFailure(reasons: ["tlsv1 alert unknown ca"])])
        #expect(server.log.errors == [.peerCertificateRejected(reason: "unable to get local issuer certificate")])
    }

    @Test func anExpiredClientCertificateIsRefused() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.mutualConfiguration)
        let expired = try authority.clientIdentity(start: TestAuthority.now - 2 * 86_400)
        let client = try await attempt(server, authority.clientContext(expired))
        #expect(client.log.errors == [.protocolFailure(reasons: ["sslv3 alert certificate expired"])])
        #expect(server.log.errors == [.peerCertificateRejected(reason: "certificate has expired")])
    }

    @Test func aServerCertificateIsNoClientCertificate() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.mutualConfiguration)
        let identity = TLSClientConfiguration.Identity(
            certificateChain: try TemporaryDirectory.contents(of: authority.configuration.certificateChainFile),
            privateKey: try TemporaryDirectory.contents(of: authority.configuration.privateKeyFile))
        let client = try await attempt(server, authority.clientContext(identity))
        #expect(client.receivedCount == 0)
        #expect(server.log.errors.count == 1)
        #expect(server.log.errors.first?.description.contains("unsuitable certificate purpose") == true)
    }

    // MARK: The client's view

    @Test(arguments: ["localhost", "LOCALHOST", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1"])
    func aServerIsAcceptedUnderItsNames(_ name: String) async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration)
        let client = try await attempt(server, authority.clientContext(), serverName: name)
        #expect(client.receivedText == TestServer.answer)
    }

    @Test(arguments: [
        ("example.com", "hostname mismatch"), ("local", "hostname mismatch"), ("test server.", nil),
        ("127.0.0.2", "IP address mismatch"), ("::2", "IP address mismatch"),
    ])
    func aServerIsRefusedUnderAnyOther(_ name: String, _ reason: String?) async throws {
        let authority = try TestAuthority()
        let context = try authority.clientContext()
        guard let reason else {
            #expect(throws: TLSError.invalidName(name)) { try TLSClientHandler(context: context, serverName: name) }
            return
        }
        let server = try await TestServer(authority.configuration)
        let client = try await attempt(server, context, serverName: name)
        #expect(client.receivedCount == 0)
        #expect(client.log.errors == [.peerCertificateRejected(reason: reason)])
    }

    @Test func aServerOfAnotherAuthorityIsRefused() async throws {
        let other = try TestAuthority()
        let server = try await TestServer(other.configuration)
        let client = try await attempt(server, TestAuthority().clientContext())
        #expect(client.log.errors == [.peerCertificateRejected(reason: "unable to get local issuer certificate")])
        #expect(server.log.errors == [.protocolFailure(reasons: ["tlsv1 alert unknown ca"])])
    }

    @Test func aServerTheSystemDoesNotKnowIsRefused() async throws {
        let other = try TestAuthority()
        let server = try await TestServer(other.configuration)
        let client = try await attempt(server, TLSClientContext(.init(trust: .system)))
        #expect(client.log.errors == [.peerCertificateRejected(reason: "unable to get local issuer certificate")])
    }

    @Test func anExpiredServerIsRefused() async throws {
        let authority = try TestAuthority(serverStart: TestAuthority.now - 2 * 86_400)
        let server = try await TestServer(authority.configuration)
        let client = try await attempt(server, authority.clientContext())
        #expect(client.log.errors == [.peerCertificateRejected(reason: "certificate has expired")])
    }

    @Test(arguments: [("webhook.unikorn.svc", true), ("127.0.0.1", false)])
    func aDNSNameIsIndicatedAndAnAddressIsNot(_ name: String, _ isIndicated: Bool) throws {
        let connection = try TLSConnection(TestAuthority().clientContext(), serverName: name)
        #expect(connection.handshake() == .incomplete)
        let hello = String(buffer: connection.takeOutput())
        #expect(hello.contains(name) == isIndicated)
    }
}
