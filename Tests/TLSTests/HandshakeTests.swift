import NIOCore
import TestSupport
import Testing
import TLS

/// Handshakes with OpenSSL's and curl's clients, and with ours, over real sockets.
@Suite struct HandshakeTests {
    private static let request = #"printf 'GET / HTTP/1.1\r\n\r\n' | openssl s_client -connect 127.0.0.1:$1 -ign_eof "#

    @Test(arguments: [("-tls1_2", TLSVersion.tls12), ("-tls1_3", .tls13)])
    func bothVersionsAreSpoken(_ option: String, _ version: TLSVersion) async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration)
        let result = try await Shell.run(
            Self.request + "-CAfile $2 -verify_return_error -verify_hostname localhost $3",
            "\(server.port)", authority.caFile, option)
        #expect(result.output.contains("Verify return code: 0 (ok)"))
        #expect(result.output.contains("\r\n\r\nkk\n"))
        let handshake = try #require(server.log.handshakes.first)
        #expect(handshake.version == version)
        #expect(!handshake.isResumed)
        #expect(handshake.applicationProtocol == nil)
        #expect(handshake.peerSubject == nil)
        #expect(server.log.errors == [])
        try await server.stop()
    }

    @Test(arguments: [
        ("-tls1_1 -cipher ALL:@SECLEVEL=0", "alert protocol version"),
        ("-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA:AES128-SHA256", "alert handshake failure"),
        ("-tls1_3 -alpn h2", "alert no application protocol"),
        ("-tls1_2 -alpn h2,spdy/3", "alert no application protocol"),
    ])
    func whatIsNotSpokenIsRefusedWithAnAlert(_ options: String, _ alert: String) async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration)
        let result = try await Shell.run(Self.request + "$2", "\(server.port)", options)
        #expect(result.status != 0)
        #expect(result.output.contains(alert))
        #expect(server.log.handshakes.isEmpty)
        #expect(server.log.errors.count == 1)
        try await server.stop()
    }

    @Test(arguments: [("-tls1_2", "ECDHE-ECDSA-AES128-GCM-SHA256"), ("-tls1_3", "TLS_AES_128_GCM_SHA256")])
    func theServerChoosesTheSuite(_ option: String, _ suite: String) async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration)
        _ = try await Shell.run(Self.request + "$2", "\(server.port)", option)
        #expect(server.log.handshakes.first?.cipher == suite)
        try await server.stop()
    }

    @Test(arguments: ["http/1.1", "h2,http/1.1"])
    func http11IsSelectedIfOffered(_ offer: String) async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration)
        let result = try await Shell.run(Self.request + "-alpn $2", "\(server.port)", offer)
        #expect(result.output.contains("ALPN protocol: http/1.1"))
        #expect(server.log.handshakes.first?.applicationProtocol == "http/1.1")
        try await server.stop()
    }

    @Test func aRenegotiationClosesTheConnection() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration)
        let result = try await Shell.run(
            "(echo R; sleep 0.2) | openssl s_client -connect 127.0.0.1:$1 -tls1_2", "\(server.port)")
        #expect(result.output.contains("RENEGOTIATING"))
        #expect(server.log.handshakes.count == 1)
        #expect(server.log.errors == [.renegotiationRefused])
        try await server.stop()
    }

    /// With tickets, and in TLS 1.2 with the server's cache for those who do not use them.
    @Test(arguments: ["-tls1_3", "-tls1_2", "-tls1_2 -no_ticket"])
    func sessionsAreResumed(_ options: String) async throws {
        let authority = try TestAuthority()
        let identity = try authority.clientIdentity()
        let key = try authority.directory.write("client.pem", identity.certificateChain + identity.privateKey)
        let server = try await TestServer(authority.mutualConfiguration)
        let session = authority.directory.path + "/session"
        for file in ["-sess_out", "-sess_in"] {
            let result = try await Shell.run(
                Self.request + "-cert $2 $3 $4 $5", "\(server.port)", key, options, file, session)
            #expect(result.output.contains("\r\n\r\nkk\n"))
        }
        #expect(server.log.handshakes.map(\.isResumed) == [false, true])
        #expect(server.log.handshakes.map(\.peerSubject) == ["CN=test client", "CN=test client"])
        try await server.stop()
    }

    @Test func curlIsAnswered() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration)
        let result = try await Shell.run(
            "curl -sS --cacert $2 https://127.0.0.1:$1/", "\(server.port)", authority.caFile)
        #expect(result.output == "kk\n")
        #expect(server.log.handshakes.first?.applicationProtocol == "http/1.1")
        try await server.stop()
    }

    @Test func ourClientIsAnswered() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration)
        let context = try authority.clientContext()
        let client = try await TestClient.connect(server.address, context)
        try await client.send("GET / HTTP/1.1\r\n\r\n")
        try await client.channel.closeFuture.get()
        #expect(client.receivedText == TestServer.answer)
        #expect(client.log.handshakes.first?.version == .tls13)
        #expect(client.log.handshakes.first?.applicationProtocol == "http/1.1")
        #expect(client.log.handshakes.first?.peerSubject == "CN=test server")
        #expect(client.log.errors == [])
        try await server.stop()
        try await eventually { context.liveConnectionCount == 0 }
    }
}
