import NIOCore
import Testing
import TLS

/// Peers whose bytes come in strange pieces, stop, or turn into something else, at every step, over real sockets.
@Suite struct HostilePeerTests {
    private static let request = "GET / HTTP/1.1\r\n\r\n"
    private static let endsOfWaiting: Set = [
        TLSError.handshakeTimedOut.description, TLSError.closedDuringHandshake.description,
    ]

    private let server: TLSServerContext
    private let client: TLSClientContext

    init() throws {
        (server, client) = try TestAuthority.contexts()
    }

    /// How many bytes a client sends up to the end of its request.
    private func length() async throws -> Int {
        // Does not answer, so that there is no goodbye to count.
        let server = try await TestServer(server, .silent)
        let count = TamperingHandler.Count()
        let peer = try await TestClient.connect(server.address, client, tampering: .nothing, count)
        try await peer.send(Self.request)
        let length = count.value
        try await peer.close()
        try await server.stop()
        return length
    }

    @Test func oneByteAtATimeIsServed() async throws {
        let server = try await TestServer(server)
        let peer = try await TestClient.connect(server.address, client, tampering: .everyByte)
        try await peer.send(Self.request)
        try await peer.channel.closeFuture.get()
        #expect(peer.receivedText == TestServer.answer)
        #expect(server.log.errors == [])
        try await server.stop()
    }

    /// The stream of a client is split at every byte in turn.
    @Test func aSplitAtAnyByteIsServed() async throws {
        let server = try await TestServer(server)
        let length = try await length()
        #expect(length > 300)
        for split in 1..<length {
            let peer = try await TestClient.connect(server.address, client, tampering: .pause(after: split))
            try await peer.send(Self.request)
            try await peer.channel.closeFuture.get()
            #expect(peer.receivedText == TestServer.answer, "split after \(split) bytes")
        }
        #expect(server.log.errors == [])
        #expect(server.log.handshakes.count == length - 1)
        try await server.stop()
    }

    /// A handshake that stops, wherever it does, is closed in time and leaves nothing behind.
    @Test func aHandshakeThatStopsAnywhereIsClosed() async throws {
        let timeouts = TLSTimeouts(handshake: .milliseconds(500), close: .milliseconds(100))
        let server = try await TestServer(server, timeouts: timeouts)
        // The request and its record come last; a handshake that is complete is not this test's.
        let steps = Array(stride(from: 0, to: try await length() - Self.request.utf8.count - 30, by: 16))
        let peers = try await peers(of: server, steps.map { .silence(after: $0) })
        for peer in peers { try await peer.channel.closeFuture.get() }
        try await eventually { server.log.errors.count == steps.count }
        // On a slow machine the client may have given up first.
        #expect(Set(server.log.errors.map(\.description)).isSubset(of: Self.endsOfWaiting))
        #expect(server.log.handshakes.isEmpty)
        try await server.stop()
        #expect(socketCount(port: server.port) == 0)
    }

    /// Bytes that are not TLS, wherever they begin, end the connection with an error.
    @Test func garbageAnywhereEndsTheConnection() async throws {
        let timeouts = TLSTimeouts(handshake: .milliseconds(500), close: .milliseconds(100))
        let server = try await TestServer(server, timeouts: timeouts)
        let steps = Array(stride(from: 0, to: try await length(), by: 8))
        let peers = try await peers(of: server, steps.map { .garbage(after: $0) })
        for peer in peers {
            try await peer.channel.closeFuture.get()
            #expect(!peer.receivedText.contains("200 OK"))
        }
        try await eventually { server.log.errors.count == steps.count }
        try await server.stop()
        #expect(socketCount(port: server.port) == 0)
    }

    /// Opens a connection for each, and sends a request on it.
    private func peers(of server: TestServer, _ tamperings: [Tampering]) async throws -> [TestClient] {
        var peers: [TestClient] = []
        for tampering in tamperings {
            let peer = try await TestClient.connect(server.address, client, tampering: tampering)
            peer.channel.writeAndFlush(ByteBuffer(string: Self.request), promise: nil)
            peers.append(peer)
        }
        return peers
    }
}
