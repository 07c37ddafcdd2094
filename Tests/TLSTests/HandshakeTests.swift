import NIOCore
import Testing
import TLS

/// Handshakes with OpenSSL's and curl's clients over real sockets.
@Suite struct HandshakeTests {
    @Test(arguments: [("-tls1_2", TLSVersion.tls12), ("-tls1_3", .tls13)])
    func bothVersionsAreSpoken(_ option: String, _ version: TLSVersion) async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration)
        let result = try await Shell.run(
            #"printf 'GET / HTTP/1.1\r\n\r\n' | openssl s_client -connect 127.0.0.1:$1 "#
                + #"-CAfile $2 -verify_return_error -verify_hostname localhost -ign_eof $3"#,
            "\(server.port)", authority.caFile, option)
        #expect(result.output.contains("Verify return code: 0 (ok)"))
        #expect(result.output.contains("\r\n\r\nok\n"))
        let handshake = try #require(server.log.handshakes.first)
        #expect(handshake.version == version)
        #expect(handshake.isResumed == false)
        #expect(handshake.applicationProtocol == nil)
        #expect(handshake.peerSubject == nil)
        #expect(server.log.errors == [])
        try await server.stop()
    }

    @Test func curlIsAnswered() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration)
        let result = try await Shell.run(
            "curl -sS --cacert $2 https://127.0.0.1:$1/", "\(server.port)", authority.caFile)
        #expect(result.output == "ok\n")
        #expect(server.log.handshakes.first?.applicationProtocol == "http/1.1")
        try await server.stop()
    }

    @Test func ourClientIsAnswered() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration)
        let client = try await TestClient.connect(server.address, authority.clientContext())
        try await client.send("GET / HTTP/1.1\r\n\r\n")
        try await client.channel.closeFuture.get()
        #expect(client.receivedText == TestServer.answer)
        #expect(client.log.handshakes.first?.version == .tls13)
        #expect(client.log.handshakes.first?.peerSubject == "CN=test server")
        #expect(client.log.errors == [])
        try await server.stop()
    }
}
