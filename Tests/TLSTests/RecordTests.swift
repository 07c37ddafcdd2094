import NIOCore
import NIOEmbedded
import Testing
import TLS

/// How plaintext becomes records and records become plaintext, whatever the pieces they arrive in.
@Suite struct RecordTests {
    private let server: TLSServerContext
    private let client: TLSClientContext

    init() throws {
        (server, client) = try TestAuthority.contexts()
    }

    /// A handshake, a question and an answer.
    private func converse(piece: Int = .max, start: Int = 0) throws {
        let pair = try EmbeddedPair(server, client)
        pair.client.writeAndFlush(ByteBuffer(string: "question"), promise: nil)
        try pair.exchange(piece: piece, start: start)
        #expect(try pair.server.receivedText() == "question")
        pair.server.writeAndFlush(ByteBuffer(string: "answer"), promise: nil)
        try pair.exchange(piece: piece, start: start)
        #expect(try pair.client.receivedText() == "answer")
        #expect(pair.serverLog.handshakes.count == 1)
        #expect(pair.clientLog.handshakes.count == 1)
        #expect(pair.serverLog.errors + pair.clientLog.errors == [])
        pair.finish()
    }

    @Test(arguments: [1, 2, 5, 7, 100])
    func anyPieceSizeWillDo(_ piece: Int) throws {
        try converse(piece: piece)
        #expect(server.liveConnectionCount == 0)
        #expect(client.liveConnectionCount == 0)
    }

    /// Splits the streams of both directions every 300 bytes, beginning at each of the first 300: so each offset is once
    /// the place of a split, and a short record is split once.
    @Test func anySplitWillDo() throws {
        for start in 1...300 {
            try converse(piece: 300, start: start)
        }
        #expect(server.liveConnectionCount == 0)
    }

    @Test func nothingIsWrittenBeforeTheHandshakeIsComplete() throws {
        let pair = try EmbeddedPair(server, client)
        let written = pair.client.eventLoop.makePromise(of: Void.self)
        let isWritten = NIOLoopBoundBox(false, eventLoop: pair.client.eventLoop)
        written.futureResult.whenSuccess { isWritten.value = true }
        pair.client.write(ByteBuffer(string: "one "), promise: nil)
        pair.client.writeAndFlush(ByteBuffer(string: "two "), promise: written)
        // Not flushed: stays when the others leave.
        pair.client.write(ByteBuffer(string: "three"), promise: nil)
        #expect(!isWritten.value)
        try pair.exchange()
        #expect(isWritten.value)
        #expect(try pair.server.receivedText() == "one two ")
        pair.client.flush()
        try pair.exchange()
        #expect(try pair.server.receivedText() == "three")
        pair.finish()
    }

    @Test func smallWritesLeaveInOneRecord() throws {
        let pair = try EmbeddedPair(server, client)
        try pair.exchange()
        let before = pair.toClient
        for _ in 0..<10 { pair.server.write(ByteBuffer(string: "0123456789"), promise: nil) }
        pair.server.flush()
        let record = try #require(try pair.server.readOutbound(as: ByteBuffer.self))
        #expect(try pair.server.readOutbound(as: ByteBuffer.self) == nil)
        // Header, type, and authentication tag once.
        #expect(record.readableBytes == 100 + 5 + 1 + 16)
        #expect(pair.toClient == before)
        try pair.client.writeInbound(record)
        #expect(try pair.client.receivedText().count == 100)
        pair.finish()
    }

    @Test(arguments: [0, 1, 16_384, 16_385, 100_000])
    func anySizeIsCarriedInOneBuffer(_ size: Int) throws {
        let pair = try EmbeddedPair(server, client)
        try pair.exchange()
        let isWritten = NIOLoopBoundBox(false, eventLoop: pair.server.eventLoop)
        let written = pair.server.eventLoop.makePromise(of: Void.self)
        written.futureResult.whenSuccess { isWritten.value = true }
        let sent = ByteBuffer(repeating: 0x61, count: size)
        pair.server.writeAndFlush(sent, promise: written)
        #expect(isWritten.value)
        if let records = try pair.server.readOutbound(as: ByteBuffer.self) {
            try pair.client.writeInbound(records)
            #expect(try pair.client.readInbound(as: ByteBuffer.self) == sent)
            #expect(try pair.server.readOutbound(as: ByteBuffer.self) == nil)
        } else {
            #expect(size == 0)
        }
        pair.finish()
    }

    @Test func dataThatIsKeptIsNotOverwritten() throws {
        let pair = try EmbeddedPair(server, client)
        try pair.exchange()
        pair.client.writeAndFlush(ByteBuffer(string: "first"), promise: nil)
        try pair.exchange()
        let kept = try #require(try pair.server.readInbound(as: ByteBuffer.self))
        pair.client.writeAndFlush(ByteBuffer(string: "other"), promise: nil)
        try pair.exchange()
        #expect(String(buffer: kept) == "first")
        #expect(try pair.server.receivedText() == "other")
        pair.finish()
    }

    /// Parsers read ahead: beyond the plaintext there are zeros, also where a longer one lay before.
    @Test func zerosFollowThePlaintext() throws {
        let pair = try EmbeddedPair(server, client)
        try pair.exchange()
        for text in [String(repeating: "a", count: 3_000), "short", String(repeating: "b", count: 40_000)] {
            pair.client.writeAndFlush(ByteBuffer(string: text), promise: nil)
            try pair.exchange()
            let received = try #require(try pair.server.readInbound(as: ByteBuffer.self))
            #expect(String(buffer: received) == text)
            let end = received.writerIndex
            let beyond = received.withVeryUnsafeBytes { Array($0[end..<(end + TLSConnection.zeros)]) }
            #expect(beyond == Array(repeating: 0, count: TLSConnection.zeros))
        }
        pair.finish()
    }

    @Test func aChangedByteFailsTheConnection() throws {
        let pair = try EmbeddedPair(server, client)
        try pair.exchange()
        pair.client.writeAndFlush(ByteBuffer(string: "question"), promise: nil)
        var record = try #require(try pair.client.readOutbound(as: ByteBuffer.self))
        let last = record.writerIndex - 1
        let byte = try #require(record.getInteger(at: last, as: UInt8.self))
        record.setInteger(byte ^ 1, at: last)
        try pair.server.writeInbound(record)
        #expect(try pair.server.receivedText() == "")
        #expect(pair.serverLog.errors == [.protocolFailure(reasons: ["decryption failed or bad record mac"])])
        try pair.exchange()
        #expect(pair.clientLog.errors == [.protocolFailure(reasons: ["sslv3 alert bad record mac"])])
        #expect(!pair.server.isActive)
        pair.finish()
    }
}
