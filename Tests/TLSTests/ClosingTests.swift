import NIOCore
import NIOEmbedded
import Testing
import TLS

/// How connections end, in good order and otherwise.
@Suite struct ClosingTests {
    private let server: TLSServerContext
    private let client: TLSClientContext

    init() throws {
        (server, client) = try TestAuthority.contexts()
    }

    // MARK: In good order

    @Test func closingSendsACloseNotify() throws {
        let channel = EmbeddedChannel(handler: try TLSServerHandler(context: server))
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        let peer = try TLSConnection(client, serverName: "localhost")
        #expect(peer.handshake() == .incomplete)
        try channel.writeInbound(peer.takeOutput())
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { peer.receive(bytes) }
        #expect(peer.handshake() == .complete)
        try channel.writeInbound(peer.takeOutput())
        channel.writeAndFlush(ByteBuffer(string: "last words"), promise: nil)
        channel.close(promise: nil)
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { peer.receive(bytes) }
        var received = ByteBuffer()
        #expect(peer.read(into: &received) == .complete)
        #expect(String(buffer: received) == "last words")
        channel.embeddedEventLoop.run()
    }

    @Test func closingWaitsForThePeerAndIsQuick() async throws {
        let server = try await TestServer(server, .echo, timeouts: TLSTimeouts(close: .seconds(60)))
        let client = try await TestClient.connect(server.address, client)
        try await client.send("hello")
        try await eventually { client.receivedText == "hello" }
        // The server's side closes first; the client answers with its own close_notify.
        try await #require(server.log.channels.first).close()
        try await client.channel.closeFuture.get()
        #expect(client.log.errors == [])
        #expect(server.log.errors == [])
        try await server.stop()
    }

    @Test func aPeerThatDoesNotCloseIsNotWaitedForLong() async throws {
        let server = try await TestServer(server, .echo, timeouts: TLSTimeouts(close: .milliseconds(50)))
        let client = try await TestClient.connect(server.address, client, allowHalfClosure: true)
        try await client.send("hello")
        try await eventually { client.receivedText == "hello" }
        try await #require(server.log.channels.first).close()
        try await eventually { client.isInputClosed }
        try await client.close()
        try await server.stop()
    }

    @Test func whatWasWrittenBeforeACloseArrives() async throws {
        let server = try await TestServer(server, .silent)
        let client = try await TestClient.connect(server.address, client)
        try await eventually { server.log.handshakes.count == 1 }
        let channel = try #require(server.log.channels.first)
        let sent = ByteBuffer(repeating: 0x61, count: 2_000_000)
        channel.writeAndFlush(sent, promise: nil)
        channel.close(promise: nil)
        try await client.channel.closeFuture.get()
        #expect(client.receivedBytes == sent)
        try await server.stop()
    }

    @Test func theOtherDirectionStaysOpenIfTheChannelAllowsIt() async throws {
        let server = try await TestServer(server, .echo, allowHalfClosure: true)
        let client = try await TestClient.connect(server.address, client, allowHalfClosure: true)
        try await client.send("hello")
        try await client.channel.close(mode: .output)
        let channel = try #require(server.log.channels.first)
        try await eventually { client.receivedText == "hello" }
        // The client has ended its side; the server may still speak.
        try await channel.writeAndFlush(ByteBuffer(string: ", world"))
        try await eventually { client.receivedText == "hello, world" }
        await #expect(throws: ChannelError.self) { try await client.send("more") }
        try await channel.close()
        try await client.channel.closeFuture.get()
        #expect(server.log.errors == [])
        try await server.stop()
    }

    @Test func theOtherDirectionEndsTooIfTheChannelDoesNotAllowIt() async throws {
        let server = try await TestServer(server, .echo)
        let client = try await TestClient.connect(server.address, client, allowHalfClosure: true)
        try await client.send("hello")
        try await client.channel.close(mode: .output)
        try await client.channel.closeFuture.get()
        #expect(client.receivedText == "hello")
        try await server.stop()
    }

    // MARK: Otherwise

    @Test func aTruncatedCloseIsTolerated() async throws {
        let server = try await TestServer(server, .echo)
        let client = try await TestClient.connectVanishing(server.address, client, reset: false)
        try await client.send("hello")
        try await eventually { client.receivedText == "hello" }
        try await client.channel.triggerUserOutboundEvent(VanishingHandler.Vanish())
        try await server.stop()
        #expect(server.log.errors == [])
    }

    @Test(arguments: ["", "\u{16}\u{3}\u{1}"])
    func aStalledHandshakeIsClosed(_ beginning: String) async throws {
        let server = try await TestServer(server, timeouts: TLSTimeouts(handshake: .milliseconds(100)))
        let client = try await TestClient.connectPlain(server.address)
        // On a slow machine the server may have given up already.
        if !beginning.isEmpty { try? await client.send(beginning) }
        try await client.channel.closeFuture.get()
        #expect(server.log.errors == [.handshakeTimedOut])
        try await server.stop()
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", TLSError.plaintextHTTP),
        ("POST /validate HTTP/1.1\r\n\r\n", .plaintextHTTP),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .protocolFailure(reasons: ["wrong version number"])),
        ("SSH-2.0-OpenSSH_9.2p1\r\n", .protocolFailure(reasons: ["wrong version number"])),
        ("\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}", .protocolFailure(reasons: ["wrong version number"])),
    ])
    func somethingElseThanTLSIsClosed(_ greeting: String, _ error: TLSError) async throws {
        let server = try await TestServer(server)
        let client = try await TestClient.connectPlain(server.address)
        try await client.send(greeting)
        try await client.channel.closeFuture.get()
        #expect(server.log.handshakes.isEmpty)
        #expect(server.log.errors == [error])
        try await server.stop()
    }

    @Test func aPeerThatGoesBeforeTheHandshakeIsReported() async throws {
        let server = try await TestServer(server)
        let client = try await TestClient.connectPlain(server.address)
        try await client.close()
        try await eventually { server.log.errors == [.closedDuringHandshake] }
        try await server.stop()
    }

    @Test func writesThatCannotLeaveFail() throws {
        let pair = try EmbeddedPair(server, client, serverName: "example.com")
        let early = FailureBox(pair.client)
        pair.client.writeAndFlush(ByteBuffer(string: "hello"), promise: early.promise)
        try pair.exchange()
        let rejection = TLSError.peerCertificateRejected(reason: "hostname mismatch")
        #expect(pair.clientLog.errors == [rejection])
        #expect(early.error as? TLSError == rejection)
        let late = FailureBox(pair.client)
        pair.client.writeAndFlush(ByteBuffer(string: "hello"), promise: late.promise)
        #expect(late.error as? ChannelError == .ioOnClosedChannel)
        pair.finish()
    }

    /// A peer that is killed while it is being answered, in good order or by a reset, and without having read anything.
    @Test(arguments: [false, true])
    func aPeerThatVanishesWhileItIsAnsweredLeavesNothingBehind(_ reset: Bool) async throws {
        let size = 4_000_000
        // Long enough for a peer that gets no processor for a while.
        let server = try await TestServer(
            server, .http(bodySize: size), timeouts: TLSTimeouts(close: .seconds(5)))
        let port = server.port
        for received in [0, 1, 100_000] {
            let peer = try await TestClient.connectVanishing(
                server.address, client, receiving: received == 0 ? .max : received, reset: reset)
            let request = "GET / HTTP/1.1\r\n\r\n"
            // By its event loop, at that very moment: soon the server will be done with it.
            if received == 0 { try await peer.sendAndVanish(request) } else { try await peer.send(request) }
            try await peer.channel.closeFuture.get()
            #expect(peer.receivedCount >= received && peer.receivedCount < size)
        }
        try await server.stop()
        try await eventually { client.liveConnectionCount == 0 }
        #expect(server.context.liveConnectionCount == 0)
        try await eventually { socketCount(port: port) == 0 }
    }

    /// Nothing may stay behind, whatever the moment a peer goes and whether it says goodbye to the kernel or not.
    @Test func aPeerThatVanishesLeavesNothingBehind() async throws {
        let server = try await TestServer(server, .echo, timeouts: TLSTimeouts(close: .milliseconds(100)))
        let port = server.port
        // From nothing at all to some bytes of the request after the handshake.
        for count in stride(from: 0, through: 700, by: 25) {
            for reset in [false, true] {
                let peer = try? await TestClient.connectVanishing(server.address, client, after: count, reset: reset)
                try? await peer?.send(String(repeating: "a", count: 500))
                try await peer?.channel.closeFuture.get()
            }
        }
        #expect(socketCount(port: port) >= 1)
        try await server.stop()
        try await eventually { client.liveConnectionCount == 0 }
        #expect(server.context.liveConnectionCount == 0)
        #expect(socketCount(port: port) == 0)
        // Both sides of the end of the handshake were seen.
        #expect(server.log.errors.contains(.closedDuringHandshake))
        #expect(!server.log.handshakes.isEmpty)
    }
}
