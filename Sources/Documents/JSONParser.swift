internal import CSimdjson
package import KubernetesTypes

/// Parses one JSON document at a time into simdjson's tape: the server's way to read a review.
///
/// Made once for an event loop and reused: after the first documents it allocates nothing. Values are valid until the
/// next call. Knows no positions; `JSONDocumentReader` does.
package final class JSONParser {
    /// How many bytes behind a document must be readable for it to be parsed in place.
    package static let padding = csimdjson_padding()

    /// Nil only when there was no memory for it; every parse then fails.
    private let parser: OpaquePointer?

    /// Containers at the places of `emptied`, JSON pointers (RFC 6901) to fields of nested objects, are read as empty, at a
    /// fraction of the cost. What stands in them is only known to be UTF-8 with strings that end and brackets that close.
    package init(emptying emptied: [String] = []) {
        parser = csimdjson_create(DocumentLimits.inputBytes, Self.simdjsonDepth)
        guard let parser else { return }
        for pointer in emptied {
            let isPlace = csimdjson_empty(parser, pointer)
            assert(isPlace, "not a pointer to a field: \(pointer)")
        }
    }

    /// simdjson counts containers with content only: with its limit one higher, no document is refused that has 512 levels;
    /// one of 513, whose innermost is empty, passes, and is refused here.
    private static let simdjsonDepth = DocumentLimits.depth + 1

    deinit {
        if let parser { csimdjson_destroy(parser) }
    }

    /// Parses a document, from a padded copy that the parser keeps.
    package func parse(_ bytes: UnsafeRawBufferPointer) throws(DocumentError) -> Value {
        try parse(bytes, count: bytes.count)
    }

    /// Parses the first `count` bytes of the buffer where they lie, without a copy, if `padding` more bytes follow them
    /// in the buffer. Their content does not matter. Otherwise as `parse(_:)`.
    package func parse(_ buffer: UnsafeRawBufferPointer, count: Int) throws(DocumentError) -> Value {
        guard let parser else { throw DocumentError(.limit, "out of memory", at: .unknown) }
        guard count > 0, count <= buffer.count, let start = buffer.baseAddress else {
            throw DocumentError(.syntax, "no JSON found", at: .unknown)
        }
        let bytes = start.assumingMemoryBound(to: UInt8.self)
        let status = csimdjson_parse(parser, bytes, count, buffer.count)
        guard status == CSIMDJSON_OK, let tape = csimdjson_tape(parser), let strings = csimdjson_strings(parser) else {
            throw error(status, parser)
        }
        let root = Value(tape: tape, strings: strings, positions: nil, index: 1)
        guard !root.isNested(deeperThan: DocumentLimits.depth) else { throw Self.tooDeep }
        return root
    }

    /// What parsing a document takes, at most: of strings as much as it has, and for each bracket, comma, colon, quote and blank
    /// (see `csimdjson_marks`) two entries of an index and two words of tape. `[1,1,…]` takes thirteen times its size, a review
    /// of one long string no more than its size.
    package static func memory(for bytes: UnsafeRawBufferPointer) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        return bytes.count + csimdjson_marks(start.assumingMemoryBound(to: UInt8.self), bytes.count) * memoryOfMark
    }

    private static let memoryOfMark = 2 * (MemoryLayout<UInt32>.size + MemoryLayout<UInt64>.size)

    private static let tooDeep = DocumentError(
        .limit, "nested deeper than \(DocumentLimits.depth) levels", at: .unknown)

    private func error(_ status: csimdjson_status, _ parser: OpaquePointer) -> DocumentError {
        let kind: DocumentError.Kind
        var message = String(cString: csimdjson_error_text(parser))
        switch status {
        case CSIMDJSON_DEPTH: return Self.tooDeep
        case CSIMDJSON_SIZE:
            kind = .limit
            message = "larger than \(DocumentLimits.inputBytes) bytes"
        case CSIMDJSON_MEMORY:
            kind = .limit
            message = "out of memory"
        case CSIMDJSON_ENCODING:
            kind = .encoding
            message = "not valid UTF-8"
        case CSIMDJSON_NUMBER:
            kind = .value
            message = "a number is malformed or out of range"
        default: kind = .syntax
        }
        return DocumentError(kind, message, at: .unknown)
    }

    /// For a process that reads large documents now and then and must not keep their memory: buffers of 128 KiB and more
    /// are handed back when they are freed. To be called once, before the first of them.
    package static func returnLargeBuffers() { csimdjson_map_large_blocks() }

    /// The size of the largest document that the buffers held at present have room for, in bytes; the buffers
    /// themselves take about twelve times as much.
    package var heldBytes: Int { parser.map { csimdjson_held($0) } ?? 0 }

    /// Drops the buffers, after a large document, and hands free memory back to the operating system.
    package func release() {
        if let parser { csimdjson_release(parser) }
        csimdjson_trim()
    }
}
