import KubernetesTypes
import WebhookServer

/// What a connection receives: requests one after the other, read the same however they are cut into pieces.
enum RequestFuzz {
    private static let maxHeadBytes = 2_048
    private static let maxFields = 32

    /// What the reader made of the bytes. Parts of a body are one, whatever the pieces were.
    enum Event: Equatable {
        case head(target: [UInt8], framing: BodyFraming, isKeepAlive: Bool, isAccepted: Bool)
        case body([UInt8])
        case end
        case fault(RequestFault)
    }

    static func run(_ bytes: [UInt8]) throws {
        let whole = try events(bytes, piece: max(1, bytes.count))
        for piece in [1, 2, 7] {
            let cut = try events(bytes, piece: piece)
            try hold(cut == whole, "in pieces of \(piece): \(cut), at once: \(whole)")
        }
    }

    /// As a connection does it: what has arrived and was not read stays in a buffer.
    private static func events(_ bytes: [UInt8], piece: Int) throws -> [Event] {
        var reader = RequestReader(maxHeadBytes: maxHeadBytes, maxFields: maxFields)
        var events: [Event] = []
        var buffer: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            buffer += bytes[start..<min(bytes.count, start + piece)]
            do throws(RequestFault) {
                while let used = try step(&reader, buffer, &events) {
                    buffer.removeFirst(used)
                    if buffer.isEmpty { break }
                }
            } catch {
                events.append(.fault(error))
                return events
            }
            guard buffer.count <= bytes.count else { throw FuzzFault(description: "more is left than there was") }
        }
        try events.forEach(check)
        return events
    }

    /// One step; nil where more is needed.
    private static func step(
        _ reader: inout RequestReader, _ buffer: [UInt8], _ events: inout [Event]
    ) throws(RequestFault) -> Int? {
        // Of its own size, so that the address sanitizer sees a read past its end.
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: buffer.count, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: buffer)
        switch try reader.next(UnsafeRawBufferPointer(copy)) {
        case .incomplete(let used): return used > 0 ? used : nil
        case .head(let head):
            // Some bodies are wanted and some are not.
            let isAccepted = head.target.count % 4 != 3
            if isAccepted { reader.accept() } else { reader.drop() }
            events.append(
                .head(
                    target: Array(head.target.bytes), framing: head.framing, isKeepAlive: head.isKeepAlive,
                    isAccepted: isAccepted))
            return head.length
        case .part(let range):
            append(buffer[range], &events)
            return range.upperBound
        case .complete(let range):
            append(buffer[range], &events)
            events.append(.end)
            // What has no body uses up nothing.
            return range.upperBound
        }
    }

    private static func append(_ bytes: ArraySlice<UInt8>, _ events: inout [Event]) {
        guard !bytes.isEmpty else { return }
        if case .body(let body)? = events.last {
            events[events.count - 1] = .body(body + bytes)
        } else {
            events.append(.body(Array(bytes)))
        }
    }

    private static func check(_ event: Event) throws {
        guard case .head(let target, let framing, let isKeepAlive, _) = event else { return }
        try hold(target.first == UInt8(ascii: "/"), "a target that is no path")
        try hold(target.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }, "a target with \(target)")
        if case .length(let length) = framing { try hold(length > 0, "a length of \(length)") }
        if framing == .chunked { try hold(!isKeepAlive, "a connection kept after chunks") }
    }
}
