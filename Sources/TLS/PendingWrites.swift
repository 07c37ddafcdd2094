import NIOCore

/// Plaintext that was written to a handler and not encrypted yet, in order.
///
/// Small writes that are flushed together leave as one record.
struct PendingWrites {
    /// What can be encrypted now, and the promise for all of it.
    struct Batch {
        var plaintext: ByteBuffer
        var promise: EventLoopPromise<Void>?
    }

    private var writes = MarkedCircularBuffer<Batch>(initialCapacity: 4)
    /// Bytes of all of it.
    private(set) var count = 0

    mutating func append(_ plaintext: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
        count += plaintext.readableBytes
        writes.append(Batch(plaintext: plaintext, promise: promise))
    }

    /// Everything written so far may be taken.
    mutating func flush() {
        writes.mark()
    }

    /// Takes the oldest flushed writes: as many as fit into one record, but always one.
    mutating func nextBatch() -> Batch? {
        guard writes.hasMark, var batch = writes.popFirst() else { return nil }
        while writes.hasMark, let next = writes.first,
            batch.plaintext.readableBytes + next.plaintext.readableBytes <= TLSConnection.recordSize
        {
            _ = writes.removeFirst()
            batch.plaintext.writeImmutableBuffer(next.plaintext)
            batch.promise = Self.joined(batch.promise, next.promise)
        }
        count -= batch.plaintext.readableBytes
        return batch
    }

    /// Fails and forgets everything.
    mutating func fail(_ error: any Error) {
        // Whoever is told may write again: it must find an empty queue.
        let failed = writes
        writes = MarkedCircularBuffer(initialCapacity: 0)
        count = 0
        for write in failed { write.promise?.fail(error) }
    }

    /// One promise whose result both get.
    static func joined(
        _ first: EventLoopPromise<Void>?, _ second: EventLoopPromise<Void>?
    ) -> EventLoopPromise<Void>? {
        guard let first else { return second }
        if let second { first.futureResult.cascade(to: second) }
        return first
    }
}
