import NIOCore
import Testing

@testable import TLS

/// What connections of an event loop use in turn.
@Suite struct BuffersTests {
    /// The memory of a buffer is used again once it is nobody's; one that is held leaves nothing of its size behind.
    @Test(arguments: [true, false]) func aBufferThatIsHeldIsLetGoOf(isHeld: Bool) {
        let buffers = TLSBuffers()
        var large = buffers.take(.output)
        large.reserveCapacity(TLSBuffers.receiveSize)
        large.writeString("an answer that does not leave")
        let held = isHeld ? large : nil
        buffers.giveBack(large, .output)
        large = ByteBuffer()
        var next = buffers.take(.output)
        #expect(next.readableBytes == 0)
        next.writeString("the next")
        #expect(isHeld ? next.storageCapacity < 1_024 : next.storageCapacity >= TLSBuffers.receiveSize)
        #expect(held.map { String(buffer: $0) } == (isHeld ? "an answer that does not leave" : nil))
    }
}
