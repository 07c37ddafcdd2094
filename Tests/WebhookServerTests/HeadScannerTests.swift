import NIOCore
import NIOEmbedded
import Testing

@testable import WebhookServer

/// Where a head ends, however it is cut.
@Suite struct HeadScannerTests {
    private func steps(_ pieces: [String], maxBytes: Int = 65_536) -> [HeadScanner.Step] {
        var scanner = HeadScanner(maxBytes: maxBytes, maxFields: 100)
        var bytes: [UInt8] = []
        var steps: [HeadScanner.Step] = []
        for piece in pieces {
            bytes.append(contentsOf: piece.utf8)
            steps.append(bytes.withUnsafeBytes { scanner.scan($0) })
            if steps.last != .incomplete { break }
        }
        return steps
    }

    @Test func everyCutGivesTheSame() {
        let head = "POST /validate?timeout=5s HTTP/1.1\r\nHost: a\r\nX:\tä\r\n\r\n"
        let scalars = Array(head.unicodeScalars)
        for cut in 0...scalars.count {
            let first = scalars[..<cut].reduce(into: "") { $0.unicodeScalars.append($1) }
            let second = scalars[cut...].reduce(into: "") { $0.unicodeScalars.append($1) }
            #expect(steps([first, second]).last == .complete(skipped: 0, length: head.utf8.count))
            #expect(steps(["\r\n" + first, second + "rest"]).last == .complete(skipped: 2, length: head.utf8.count))
        }
        #expect(
            steps(scalars.map { String($0) }).last == .complete(skipped: 0, length: head.utf8.count))
    }

    @Test func limitIsExact() {
        let head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        let length = head.utf8.count
        #expect(steps([head], maxBytes: length) == [.complete(skipped: 0, length: length)])
        #expect(steps([head + "x"], maxBytes: length) == [.complete(skipped: 0, length: length)])
        #expect(steps([head], maxBytes: length - 1) == [.malformed(.tooLarge(limit: length - 1))])
        #expect(steps([String(head.dropLast())], maxBytes: length - 1) == [.incomplete])
        #expect(steps(["\r\n" + head], maxBytes: length) == [.complete(skipped: 2, length: length)])
    }

    @Test func faultsAreNamed() {
        #expect(steps(["GET / HTTP/1.1\n"]) == [.malformed(.bareLineEnd)])
        #expect(steps(["GET / HTTP/1.1\r", "x"]) == [.incomplete, .malformed(.bareLineEnd)])
        #expect(steps(["GET / HTTP/1.1\r\nX: \u{1}"]) == [.malformed(.controlCharacter(1))])
        #expect(steps(["GET / HTTP/1.1\r\nX: a\r\n b\r\n"]) == [.malformed(.foldedHeader)])
        #expect(steps(["PRI * HTTP/2.0\r\n"]) == [.malformed(.http2)])
        #expect(steps(["GET http://a/ HTTP/1.1\r\n"]) == [.malformed(.target)])
        #expect(steps(["GET / HTTP/3\r\n"]) == [.malformed(.version)])
        #expect(steps(["\r\n\r\n"]) == [.malformed(.requestLine)])
        let many = "GET / HTTP/1.1\r\n" + String(repeating: "X: a\r\n", count: 101)
        #expect(steps([many]) == [.malformed(.tooManyFields(limit: 100))])
    }

    /// A delegate with one framing for every message.
    private final class Delegate: RequestFramerDelegate {
        var nextBody: BodyFraming?
        var faults: [HeadFault] = []
        init(_ framing: BodyFraming) { nextBody = framing }
        func headIsIncomplete() {}
        func headIsMalformed(_ fault: HeadFault) { faults.append(fault) }
    }

    /// What the parser gets is the messages' bytes, each head in one piece, and nothing after a malformed one.
    @Test func framerPassesWholeHeads() throws {
        let head = "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n"
        let stream = Array((head + "hello" + head + "world" + "GET\u{1}" + head).utf8)
        var random = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let delegate = Delegate(.length(5))
            let channel = EmbeddedChannel(handler: RequestFramer(limits: ServerLimits(), delegate: delegate))
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            var rest = stream[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...min(30, rest.count), using: &random)
                try channel.writeInbound(ByteBuffer(bytes: rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            var pieces: [String] = []
            while let piece = try channel.readInbound(as: ByteBuffer.self) { pieces.append(String(buffer: piece)) }
            #expect(pieces.joined() == head + "hello" + head + "world")
            #expect(pieces.filter { $0 == head }.count == 2)
            #expect(delegate.faults == [.controlCharacter(1)])
            _ = try? channel.finish()
        }
    }
}
