import NIOCore
import NIOEmbedded
import Testing

@testable import WebhookServer

/// Thousands of damaged request streams through the whole pipeline, without a socket. None may trap, and none may make the
/// server say more than it was asked.
@Suite struct MutationTests {
    /// A generator with a fixed seed, so that a failure comes back.
    struct SplitMix: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    private static let goodSeeds: [String] = [
        post() + post("/mutate", "{\"a\":1}") + post("/validate", "deny"),
        post("/validate", "{}", headers: ["Expect: 100-continue"]),
        post().replacing("Content-Length: 2", with: "Transfer-Encoding: chunked").dropLast(2)
            + "2\r\n{}\r\n0\r\nTrailer: a\r\n\r\n",
        post(headers: ["Connection: Upgrade", "Upgrade: h2c"]) + post(),
        "GET /healthz?verbose HTTP/1.1\r\nHost: a\r\n\r\nHEAD / HTTP/1.0\r\n\r\n",
        post("/validate", String(repeating: "x", count: 900)) + post("/validate", "later at once") + post(),
    ]

    /// A third of them would be served as they are.
    private static let seeds =
        Array(repeating: goodSeeds, count: SmugglingTests.shapes.count / goodSeeds.count / 2).flatMap { $0 }
        + SmugglingTests.shapes.map(\.request)

    private static let fragments: [String] = [
        "\r\n", "\n", "\r", " ", "\t", "\0", ":", "0", "\r\n\r\n", "Content-Length: 2\r\n",
        "Transfer-Encoding: chunked\r\n",
        "HTTP/1.1", "99999999999999999999", "Connection: upgrade\r\n", "Upgrade: a\r\n", "CONNECT ", "PRI * HTTP/2.0",
        ";",
        "\u{FF}", "-", ",",
    ]

    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        for _ in 0..<Int.random(in: 0...4, using: &random) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
            case 1: bytes.remove(at: position)
            case 2: bytes.insert(contentsOf: (Self.fragments.randomElement(using: &random) ?? "").utf8, at: position)
            case 3: bytes.removeSubrange(position..<min(bytes.count, position + 9))
            case 4: bytes.insert(contentsOf: bytes[position..<min(bytes.count, position + 40)], at: position)
            default: bytes.append(contentsOf: (Self.seeds.randomElement(using: &random) ?? "").utf8)
            }
        }
    }

    @Test(arguments: [UInt64(1), 2])
    func nothingTraps(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        let journal = TestProcessor.Journal()
        let eventLoop = EmbeddedEventLoop()
        var limits = ServerLimits()
        limits.maxHeadBytes = 1_000
        limits.maxBodyBytes = 2_000
        limits.maxDiscardedBodyBytes = 100
        let budget = MemoryBudget(limit: 10_000)
        let loop = LoopContext(eventLoop, limits, journal, budget)
        var statuses: [Int: Int] = [:]
        for _ in 0..<1_500 {
            var bytes = Array((Self.seeds.randomElement(using: &random) ?? "").utf8)
            mutate(&bytes, &random)
            let channel = EmbeddedChannel(loop: eventLoop)
            try loop.addHandlers(to: channel.pipeline.syncOperations, behindTLS: false)
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
            var rest = bytes[...]
            let most = Int.random(in: 0...3, using: &random) == 0 ? 3 : 2_000
            while !rest.isEmpty, channel.isActive {
                let piece = rest.prefix(Int.random(in: 1...most, using: &random))
                try channel.writeInbound(ByteBuffer(bytes: piece))
                rest = rest.dropFirst(piece.count)
            }
            var isLast = false
            while let output = try channel.readOutbound(as: ByteBuffer.self) {
                #expect(!isLast, "a response after the last one: \(String(decoding: bytes, as: UTF8.self))")
                let text = String(buffer: output)
                let status = Int(text.dropFirst(9).prefix(3)) ?? 0
                statuses[status, default: 0] += 1
                isLast = text.contains("\r\nConnection: close\r\n")
            }
            _ = try? channel.finish(acceptAlreadyClosed: true)
            #expect(budget.bytes == 0)
        }
        #expect(journal.badPadding.count == 0)
        // The good, the bad and the unknown were all there.
        #expect(statuses.count >= 8, "\(statuses)")
        #expect(statuses[200] ?? 0 > 50)
    }
}
