import NIOCore
import Testing
import TLS

/// Certificates that change while the server runs.
@Suite struct ServerContextProviderTests {
    private let authority: TestAuthority
    private let provider: TLSServerContextProvider

    init() throws {
        authority = try TestAuthority()
        provider = try TLSServerContextProvider(authority.configuration)
    }

    private func replaceCertificate(withKey: Bool = true) throws {
        let renewed = try authority.authority.issueServerCertificate(
            names: [.dns("localhost")], commonName: "renewed", validity: .init(start: TestAuthority.now, days: 1))
        try authority.directory.write("tls.crt", renewed.certificatePEM)
        if withKey { try authority.directory.write("tls.key", renewed.privateKeyPEM) }
    }

    @Test func withoutAChangeTheContextStays() throws {
        let before = provider.current
        #expect(try provider.reload() == .unchanged)
        #expect(provider.current === before)
    }

    @Test func aRenewedCertificateIsTakenUp() throws {
        let before = provider.current
        try replaceCertificate()
        #expect(try provider.reload() == .replaced)
        #expect(provider.current !== before)
        #expect(provider.current.certificate.subject == "CN=renewed")
        #expect(try provider.reload() == .unchanged)
    }

    @Test func afterAFailureTheContextStaysUntilTheFilesAreRight() throws {
        let before = provider.current
        let (certificate, key) = (authority.configuration.certificateChainFile, authority.configuration.privateKeyFile)
        let goodKey = try TemporaryDirectory.contents(of: key)
        try replaceCertificate(withKey: false)
        let mismatch = TLSError.keyMismatch(keyFile: key, certificateFile: certificate)
        #expect(throws: mismatch) { try provider.reload() }
        // Said again, not taken for unchanged.
        #expect(throws: mismatch) { try provider.reload() }
        #expect(provider.current === before)
        try authority.directory.write("tls.key", "garbage")
        #expect(throws: TLSError.noPrivateKey(file: key)) { try provider.reload() }
        #expect(provider.current === before)
        try replaceCertificate()
        #expect(try provider.reload() == .replaced)
        #expect(try TemporaryDirectory.contents(of: key) != goodKey)
    }

    @Test func connectionsKeepTheContextTheyBeganWith() async throws {
        let client = try authority.clientContext()
        let old = try await TestServer(provider.current, .echo)
        let connection = try await TestClient.connect(old.address, client)
        try await connection.send("before")
        try await eventually { connection.receivedText == "before" }
        try replaceCertificate()
        try provider.reload()
        try await connection.send(", after")
        try await eventually { connection.receivedText == "before, after" }
        try await connection.close()
        try await old.stop()

        let new = try await TestServer(provider.current, .echo)
        let next = try await TestClient.connect(new.address, client)
        try await eventually { next.log.handshakes.first?.peerSubject == "CN=renewed" }
        try await next.close()
        try await new.stop()
    }

    @Test func manyMayReloadAndUseItAtOnce() async throws {
        try await withThrowingTaskGroup(of: Void.self) { [provider] group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<20 {
                        // Between the two files of a change they do not match.
                        _ = try? provider.reload()
                        _ = try TLSServerHandler(context: provider.current)
                    }
                }
            }
            for _ in 0..<20 {
                try replaceCertificate()
                await Task.yield()
            }
            try await group.waitForAll()
        }
        try provider.reload()
        #expect(provider.current.certificate.subject == "CN=renewed")
        #expect(provider.current.liveConnectionCount == 0)
    }
}
