import NIOCore
import NIOEmbedded
import Testing

@testable import WebhookServer

/// The memory that formatted responses leave behind.
@Suite struct ResponseBufferTests {
    @Test func noLargeOneIsKept() {
        let loop = LoopContext(EmbeddedEventLoop(), ServerLimits(), TestProcessor.Journal(), MemoryBudget(limit: 0))
        func capacity(of bytes: Int) -> Int {
            loop.response.reset()
            loop.response.body = [UInt8](repeating: 0x20, count: bytes)
            return loop.formatResponse(isLast: false, omitsBody: false).storageCapacity
        }
        // More than there are buffers.
        let large = (0..<40).map { _ in capacity(of: 1_000_000) }
        #expect(large.allSatisfy { $0 > 1_000_000 })
        let small = (0..<40).map { _ in capacity(of: 100) }
        #expect(small.allSatisfy { $0 < 100_000 }, "\(small)")
    }
}
