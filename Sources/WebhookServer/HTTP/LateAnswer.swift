import NIOCore

/// The answer to a request that waits for something. On the event loop of its connection only.
///
/// While it is open the connection reads nothing more, and the body stays where it is. It ends in one of three ways, once:
/// `complete`, the deadline (the client is told to come again), or the end of the connection.
final class LateAnswer {
    let eventLoop: any EventLoop
    /// When the client gives up; the request is answered with 503 soon after.
    let deadline: NIODeadline
    private var body: PaddedBody?
    private weak var connection: ConnectionHandler?
    private var cancellation: (() -> Void)?
    private(set) var isOpen = true

    init(_ body: PaddedBody, deadline: NIODeadline, eventLoop: any EventLoop, connection: ConnectionHandler) {
        self.body = body
        self.deadline = deadline
        self.eventLoop = eventLoop
        self.connection = connection
    }

    /// Answers, unless nobody waits for it any more, which it then says. The body and its padding are as they were.
    @discardableResult
    func complete(_ write: (_ body: UnsafeRawBufferPointer, _ response: inout Response) -> Void) -> Bool {
        guard isOpen, let connection, let body else { return false }
        isOpen = false
        cancellation = nil
        self.body = nil
        let loop = connection.loop
        loop.response.reset()
        (consume body).withBytes { write($0, &loop.response) }
        connection.sendLate()
        return true
    }

    /// Called once if the answer is not wanted any more, not if it is completed; at once if that is so already.
    func onCancel(_ action: @escaping () -> Void) {
        if isOpen {
            cancellation = action
        } else if connection == nil {
            action()
        }
    }

    /// The connection has no use for the answer.
    func cancel() {
        guard isOpen else { return }
        isOpen = false
        connection = nil
        body = nil
        let action = cancellation
        cancellation = nil
        action?()
    }
}

/// A body with the zero bytes that a parser may read after it.
struct PaddedBody {
    private let buffer: ByteBuffer
    private let range: Range<Int>

    /// `range` is a part of the buffer's storage that zero bytes follow. They stay there for as long as the buffer is
    /// shared, since who writes to a shared buffer makes a copy.
    init(_ buffer: ByteBuffer, _ range: Range<Int>) {
        self.buffer = buffer
        self.range = range
    }

    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        buffer.withVeryUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }
}

extension ByteBuffer {
    /// Whether so many bytes of its memory after the readable ones are zero.
    func hasZeros(_ count: Int) -> Bool {
        guard writableBytes >= count else { return false }
        return withVeryUnsafeBytes { storage in
            var index = writerIndex
            let end = writerIndex + count
            var all: UInt64 = 0
            while index &+ 8 <= end {
                all |= storage.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                index &+= 8
            }
            while index < end {
                all |= UInt64(storage[index])
                index &+= 1
            }
            return all == 0
        }
    }
}
