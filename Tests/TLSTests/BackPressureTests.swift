import Foundation
import NIOCore
import NIOPosix
import TestSupport
import Testing
import TLS

/// Large amounts of data, and peers that do not take them.
@Suite struct BackPressureTests {
    /// Larger than any review, and than what the kernel buffers.
    private static let size = 12 << 20

    @Test func aLargeEchoIsHeldUpByItsReader() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration, .echo)
        let client = try await TestClient.connect(server.address, authority.clientContext(), autoRead: false)
        var sent = ByteBuffer()
        sent.reserveCapacity(Self.size)
        for number in 0..<(Self.size / 4_096) {
            sent.writeRepeatingByte(UInt8(truncatingIfNeeded: number), count: 4_096)
        }
        client.channel.writeAndFlush(sent, promise: nil)

        // The server stops reading when what it has to send back does not leave.
        try await eventually { server.log.channels.first?.isWritable == false }
        let echo = try #require(server.log.channels.first)
        #expect(try await echo.getOption(.bufferedWritableBytes).get() < 1 << 20)
        #expect(client.receivedCount == 0)

        try await client.channel.setOption(.autoRead, value: true).get()
        try await eventually { client.receivedCount == Self.size }
        #expect(client.receivedBytes == sent)
        try await client.close()
        try await server.stop()
        #expect(server.log.errors == [])
    }

    /// What TLS itself answers stops being read, too, when the answers do not leave.
    @Test func aClientThatAsksForNewKeysAndReadsNothingIsHeldUp() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration, .silent)
        try await KeyUpdater.run(port: server.port, times: 40_000) {
            let channel = try #require(server.log.channels.first)
            var waiting = 0
            for _ in 0..<500 where waiting == 0 {
                waiting = try channel.getOption(.bufferedWritableBytes).wait()
                usleep(10_000)
            }
            #expect(waiting > 0 && waiting < 256 << 10, "\(waiting) bytes wait")
        }
        try await server.stop()
    }

    /// The handshake reads on its own account, but hands up nothing before it is asked to.
    @Test func nothingIsReadThatWasNotAskedFor() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration, .echo)
        let client = try await TestClient.connect(server.address, authority.clientContext(), autoRead: false)
        try await client.send("hello")
        try await eventually { client.log.handshakes.count == 1 }
        try await Task.sleep(for: .milliseconds(50))
        #expect(client.receivedCount == 0)
        client.channel.read()
        try await eventually { client.receivedText == "hello" }
        try await client.close()
        try await server.stop()
    }

    @Test func aLargeAnswerReachesCurl() async throws {
        let authority = try TestAuthority()
        let server = try await TestServer(authority.configuration, .http(bodySize: 3_000_000))
        let result = try await Shell.run(
            "curl -sS --cacert $2 https://127.0.0.1:$1/ | wc -c", "\(server.port)", authority.caFile)
        #expect(result.output == "3000000\n")
        try await server.stop()
        #expect(server.log.errors == [])
    }
}
