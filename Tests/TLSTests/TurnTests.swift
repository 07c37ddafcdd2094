import Dispatch
import NIOCore
import NIOEmbedded
import NIOPosix
import TLS
import Testing

/// What the connections of one event loop do in one of its turns, in which order, and how long answers wait.
@Suite struct TurnTests {
    private let server: TLSServerContext
    private let client: TLSClientContext

    init() throws {
        (server, client) = try TestAuthority.contexts()
    }

    /// The time that each service takes, in microseconds, and what happens: small letters are services, capital ones what
    /// is sent. Answers wait for a millisecond at most, and then for the end of a service.
    @Test(arguments: [
        ([0], "aA"),
        ([0, 0, 0, 0], "abcdABCD"),
        ([999, 0, 0, 0], "abcdABCD"),
        ([1_000, 0, 0, 0], "aAbcdBCD"),
        ([0, 1_000, 0, 0], "abABcdCD"),
        ([400, 400, 400, 400], "abcABCdD"),
        ([1_000, 1_000, 1_000, 1_000], "aAbBcCdD"),
        ([0, 0, 0, 5_000], "abcdABCD"),
    ])
    func allAreServedAndThenAllAnswersLeave(_ services: [Int64], _ order: String) throws {
        let loop = try TurnLoop(server, client, services)
        for connection in loop.connections { try connection.ask("x") }
        #expect(loop.log.text == "", "each waits until all have read")
        loop.run()
        #expect(loop.log.text == order)
        for connection in loop.connections { #expect(try connection.answer() == "x") }

        // The next turn is like the first, whatever that one has left.
        for connection in loop.connections.reversed() { try connection.ask("y") }
        loop.log.text = ""
        loop.run()
        #expect(loop.log.text.lowercased().count == order.count)
        #expect(loop.log.text.first == Character(loop.connections.last?.name ?? ""))
        for connection in loop.connections { #expect(try connection.answer() == "y") }
        loop.finish()
    }

    @Test func whatArrivesInPartsIsServedOnce() throws {
        let loop = try TurnLoop(server, client, [0, 0])
        try loop.connections[0].ask("one, ")
        try loop.connections[1].ask("other")
        try loop.connections[0].ask("two")
        loop.run()
        #expect(loop.log.text == "abAB")
        #expect(try loop.connections[0].answer() == "one, two")
        #expect(try loop.connections[1].answer() == "other")
        loop.finish()
    }

    /// Who closes once it has answered ends what the turn has not sent yet, and loses nothing of it.
    @Test(arguments: [CloseMode.output, .all])
    func anAnswerLeavesBeforeItsConnectionEnds(_ mode: CloseMode) throws {
        let loop = try TurnLoop(server, client, [0, 0])
        loop.connections[0].service.onAnswered = { $0.close(mode: mode, promise: nil) }
        for connection in loop.connections { try connection.ask("x") }
        loop.run()
        #expect(try loop.connections[0].lastAnswer() == "x")
        #expect(try loop.connections[1].answer() == "x")
        loop.finish()
    }

    /// Whoever asks for a renegotiation is sent the answer to what it asked before that. (OpenSSL as a client ends at the alert,
    /// which comes first: what is looked at is the types of the records, which are not encrypted.)
    @Test func anAnswerLeavesThoughARenegotiationIsRefused() throws {
        let eventLoop = EmbeddedEventLoop()
        let handlers: [any ChannelHandler] = [
            try TLSServerHandler(context: server, turn: TLSTurn(eventLoop: eventLoop)), ServiceHandler("a", TurnLog()),
        ]
        let channel = EmbeddedChannel(handlers: handlers, loop: eventLoop)
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        let peer = try RenegotiatingClient()
        func send(_ bytes: ByteBuffer) throws -> ByteBuffer {
            if bytes.readableBytes > 0 { try channel.writeInbound(bytes) }
            eventLoop.run()
            var sent = ByteBuffer()
            while let bytes = try channel.readOutbound(as: ByteBuffer.self) { sent.writeImmutableBuffer(bytes) }
            return sent
        }
        for _ in 0..<3 { peer.receive(try send(peer.shakeHands())) }
        var sent = try send(peer.ask("x"))
        #expect(throws: TLSError.renegotiationRefused) { try channel.throwIfErrorCaught() }
        var types: [UInt8] = []
        while let type = sent.readInteger(as: UInt8.self) {
            types.append(type)
            let version = sent.readInteger(as: UInt16.self)
            #expect(version == 0x0303)
            guard sent.readLengthPrefixedSlice(as: UInt16.self) != nil else { break }
        }
        let alert: UInt8 = 21
        let applicationData: UInt8 = 23
        #expect(types.prefix(2) == [alert, applicationData])
        _ = try? channel.finish()
    }

    /// However many answers a connection has in one turn, they leave in order, and what was not flushed stays.
    @Test func moreAnswersOfOneConnectionLeaveInOrder() throws {
        let loop = try TurnLoop(server, client, [0, 0])
        loop.connections[0].service.onAnswered = { context in
            for text in ["y", "z"] { context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil) }
            context.write(NIOAny(ByteBuffer(string: "kept")), promise: nil)
        }
        for connection in loop.connections { try connection.ask("x") }
        loop.run()
        #expect(loop.log.text == "abAB")
        #expect(try loop.connections[0].answer() == "xyz")
        #expect(try loop.connections[1].answer() == "x")
        loop.connections[0].write("!")
        #expect(try loop.connections[0].answer() == "kept!")
        loop.finish()
    }

    /// What piles up is sent before the turn ends.
    @Test func manyAnswersOfOneConnectionDoNotWait() throws {
        let loop = try TurnLoop(server, client, [0, 0])
        let part = String(repeating: "y", count: 50_000)
        loop.connections[0].service.onAnswered = { context in
            for _ in 0..<4 { context.writeAndFlush(NIOAny(ByteBuffer(string: part)), promise: nil) }
        }
        for connection in loop.connections { try connection.ask("x") }
        loop.run()
        #expect(loop.log.text.hasPrefix("aA"), "\(loop.log.text)")
        #expect(try loop.connections[0].answer().utf8.count == 1 + 4 * part.utf8.count)
        loop.finish()
    }

    /// A service may make another connection receive something, which is served in the same turn.
    @Test func whatArrivesMeanwhileIsServedToo() throws {
        let loop = try TurnLoop(server, client, [0, 0, 0])
        let last = loop.connections[2]
        loop.connections[0].service.onRequest = { try? last.ask("z") }
        try loop.connections[0].ask("x")
        try loop.connections[1].ask("y")
        loop.run()
        #expect(loop.log.text == "abcABC")
        #expect(try last.answer() == "z")
        loop.finish()
    }

    /// What is written otherwise, for instance when a request to another server has been answered, waits for nobody.
    @Test func whatIsWrittenOutsideOfATurnLeavesAtOnce() throws {
        let loop = try TurnLoop(server, client, [0, 0])
        loop.connections[1].write("late")
        #expect(loop.log.text == "B")
        #expect(try loop.connections[1].answer() == "late")
        loop.finish()
    }

    /// A connection that ends before its turn gets it at once, and none afterwards.
    @Test func whatHasArrivedIsServedBeforeTheConnectionEnds() throws {
        let loop = try TurnLoop(server, client, [0, 0, 0])
        for connection in loop.connections { try connection.ask("x") }
        loop.connections[1].endInput()
        #expect(loop.log.text.hasPrefix("bB"))
        loop.log.text = ""
        loop.run()
        #expect(loop.log.text == "acAC")
        #expect(try loop.connections[1].answer() == "x")
        loop.finish()
    }

    /// On sockets that are ready at the same time, since the event loop was busy when their data arrived.
    @Test func allSocketsAreReadBeforeOneIsServed() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        let shared = try await eventLoop.submit {
            NIOLoopBound((turn: TLSTurn(eventLoop: eventLoop), log: TurnLog()), eventLoop: eventLoop)
        }.get()
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { [server] channel in
                channel.eventLoop.makeCompletedFuture {
                    let handlers: [any ChannelHandler] = [
                        SocketHandler("A", shared.value.log, logsReads: true),
                        try TLSServerHandler(context: server, turn: shared.value.turn),
                        ServiceHandler("a", shared.value.log),
                    ]
                    try channel.pipeline.syncOperations.addHandlers(handlers)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let address = try #require(listener.localAddress)
        var clients: [TestClient] = []
        for _ in 0..<8 {
            let peer = try await TestClient.connect(address, client)
            try await peer.send("x")
            try await eventually { peer.receivedText == "x" }
            clients.append(peer)
        }
        let isAsked = DispatchSemaphore(value: 0)
        await withCheckedContinuation { isBusy in
            eventLoop.execute {
                shared.value.log.text = ""
                isBusy.resume()
                isAsked.wait()
            }
        }
        // What a client of this machine has written is in the server's socket.
        for peer in clients { try await peer.send("y") }
        isAsked.signal()
        for peer in clients { try await eventually { peer.receivedText == "xy" } }
        let text = try await eventLoop.submit { shared.value.log.text }.get()
        #expect(text.hasPrefix(String(repeating: "r", count: clients.count) + "a"), "\(text)")
        for peer in clients { try await peer.close() }
        try await listener.close()
        try await eventually { server.liveConnectionCount == 0 }
        try await group.shutdownGracefully()
    }
}
