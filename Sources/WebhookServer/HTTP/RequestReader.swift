/// Reads one request after the other from the bytes of a connection, where they lie. A value without I/O: bytes in,
/// steps out.
///
/// The caller keeps what has arrived and was not read. It gives all of it to `next`, and drops what a step has used up.
package struct RequestReader {
    package enum Step {
        /// More is needed. The first `used` bytes are done with.
        case incomplete(used: Int)
        /// A head, which lies at the start of the bytes. `accept` or `drop` must follow.
        case head(RequestHead)
        /// Bytes of a chunked body; they and what is before them are done with.
        case part(Range<Int>)
        /// The request is complete; what is up to the end of the range is done with. Of a body that is kept and has a
        /// Content-Length, the range is all of it; otherwise it is empty.
        case complete(body: Range<Int>)
    }

    private enum State {
        case head(HeadReader)
        /// A head has been read, and nobody has said yet what becomes of its body.
        case decided(BodyFraming, headLength: Int)
        /// So many bytes, that are kept until they are complete.
        case body(Int)
        /// So many bytes that are still to be dropped.
        case dropped(Int)
        case chunks(ChunkReader)
        /// A request was malformed: there are no others.
        case failed
    }

    private let maxHeadBytes: Int
    private let maxFields: Int
    private var state: State

    package init(maxHeadBytes: Int, maxFields: Int) {
        self.maxHeadBytes = maxHeadBytes
        self.maxFields = maxFields
        state = .head(HeadReader(maxBytes: maxHeadBytes, maxFields: maxFields))
    }

    /// The next bytes belong to a head.
    var isInHead: Bool { if case .head = state { true } else { false } }

    /// The request whose head was malformed is a HEAD, as far as can be told: its answer has no body.
    private(set) var isHead = false

    /// Reads on. After a fault there is nothing more to read.
    package mutating func next(_ bytes: UnsafeRawBufferPointer) throws(RequestFault) -> Step {
        switch state {
        case .head(var reader):
            if bytes.isEmpty { return .incomplete(used: 0) }
            do throws(RequestFault) {
                guard let head = try reader.read(bytes) else {
                    state = .head(reader)
                    return .incomplete(used: 0)
                }
                state = .decided(head.framing, headLength: head.length)
                return .head(head)
            } catch {
                isHead = reader.isHead
                state = .failed
                throw error
            }
        case .decided(_, let length):
            // Not accepted: as if it had been dropped, and nothing after it is read.
            state = .failed
            return .incomplete(used: length)
        case .body(let length):
            guard bytes.count >= length else { return .incomplete(used: 0) }
            state = newHead
            return .complete(body: 0..<length)
        case .dropped(let missing):
            let count = min(missing, bytes.count)
            if count == missing {
                state = newHead
                return .complete(body: count..<count)
            }
            state = .dropped(missing - count)
            return .incomplete(used: count)
        case .chunks(let reader):
            return try nextChunk(bytes, reader)
        case .failed:
            return .incomplete(used: bytes.count)
        }
    }

    private mutating func nextChunk(
        _ bytes: UnsafeRawBufferPointer, _ chunks: ChunkReader
    ) throws(RequestFault) -> Step {
        var chunks = chunks
        do throws(RequestFault) {
            switch try chunks.next(bytes) {
            case .incomplete(let skipped):
                state = .chunks(chunks)
                return .incomplete(used: skipped)
            case .data(let skipped, let count):
                state = .chunks(chunks)
                return .part(skipped..<(skipped + count))
            case .end(let skipped):
                state = newHead
                return .complete(body: skipped..<skipped)
            }
        } catch {
            state = .failed
            throw error
        }
    }

    private var newHead: State { .head(HeadReader(maxBytes: maxHeadBytes, maxFields: maxFields)) }

    /// The body of the head just read is wanted. The bytes of the head are done with.
    package mutating func accept() {
        guard case .decided(let framing, _) = state else { return }
        switch framing {
        case .empty: state = .dropped(0)
        case .length(let length): state = .body(length)
        case .chunked: state = .chunks(ChunkReader())
        }
    }

    /// The body of the head just read is read and forgotten. The bytes of the head are done with.
    package mutating func drop() {
        guard case .decided(let framing, _) = state else { return }
        switch framing {
        case .empty: state = .dropped(0)
        case .length(let length): state = .dropped(length)
        case .chunked: state = .failed
        }
    }
}
