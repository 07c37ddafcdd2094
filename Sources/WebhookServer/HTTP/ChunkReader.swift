/// Reads a chunked body (RFC 9112, 7.1), strictly: no white space around a size, no bare line ends, no control characters.
///
/// ```
/// chunked-body   = *chunk last-chunk *( field CRLF ) CRLF
/// chunk          = 1*8HEXDIG [ chunk-ext ] CRLF data CRLF
/// last-chunk     = 1*8"0" [ chunk-ext ] CRLF
/// chunk-ext      = ";" *( HTAB / %x20-7E / %x80-FF )
/// field          = token ":" *( HTAB / %x20-7E / %x80-FF )
/// ```
///
/// Extensions and the fields at the end are checked and forgotten.
struct ChunkReader {
    /// What the next bytes are. `skipped` bytes of framing come first.
    enum Step: Equatable {
        /// More is needed.
        case incomplete(skipped: Int)
        /// So many bytes of the body.
        case data(skipped: Int, count: Int)
        /// The body is complete.
        case end(skipped: Int)
    }

    private enum State {
        case size
        case extensions
        case sizeLineFeed
        case data
        case dataEnd
        case dataLineFeed
        case fieldStart
        case fieldName
        case fieldValue
        case fieldLineFeed
        case lastLineFeed
    }

    /// 4 GiB, and far more than any limit on a body.
    static let maxSizeDigits = 8
    /// Bytes of extensions in a whole body: nobody sends any, and each byte of a body could have its own.
    static let maxExtensionBytes = 4_096
    /// Bytes of the fields after the body.
    static let maxTrailerBytes = 4_096

    private var state = State.size
    private var size = 0
    private var digits = 0
    private var extensionBytes = 0
    private var trailerBytes = 0

    /// Reads on. `bytes` begins where the last step ended, its `skipped` and its `count` bytes left behind.
    mutating func next(_ bytes: UnsafeRawBufferPointer) throws(RequestFault) -> Step {
        var index = 0
        while index < bytes.count {
            if case .data = state {
                let count = min(size, bytes.count - index)
                size -= count
                if size == 0 { state = .dataEnd }
                return .data(skipped: index, count: count)
            }
            let isEnd = try read(bytes[index])
            index += 1
            if isEnd { return .end(skipped: index) }
        }
        return .incomplete(skipped: index)
    }

    /// Reads a byte of framing; true for the last one.
    private mutating func read(_ byte: UInt8) throws(RequestFault) -> Bool {
        switch state {
        case .size:
            try readSize(byte)
        case .extensions:
            if byte == 0x0D {
                state = .sizeLineFeed
            } else {
                try Self.checkText(byte)
                extensionBytes += 1
                if extensionBytes > Self.maxExtensionBytes { throw .chunkExtensions(limit: Self.maxExtensionBytes) }
            }
        case .sizeLineFeed:
            guard byte == 0x0A else { throw .bareLineEnd }
            state = size == 0 ? .fieldStart : .data
            digits = 0
        case .data:
            break
        case .dataEnd:
            guard byte == 0x0D else { throw .chunkEnd }
            state = .dataLineFeed
        case .dataLineFeed:
            guard byte == 0x0A else { throw .chunkEnd }
            state = .size
        case .lastLineFeed:
            guard byte == 0x0A else { throw .bareLineEnd }
            return true
        case .fieldStart, .fieldName, .fieldValue, .fieldLineFeed:
            try readTrailer(byte)
        }
        return false
    }

    private mutating func readSize(_ byte: UInt8) throws(RequestFault) {
        let digit: UInt8
        switch byte {
        case 0x30...0x39: digit = byte - 0x30
        case 0x41...0x46: digit = byte - 0x41 + 10
        case 0x61...0x66: digit = byte - 0x61 + 10
        case 0x3B where digits > 0:
            state = .extensions
            return
        case 0x0D where digits > 0:
            state = .sizeLineFeed
            return
        default: throw .chunkSize
        }
        digits += 1
        guard digits <= Self.maxSizeDigits else { throw .chunkSize }
        size = size << 4 | Int(digit)
    }

    private mutating func readTrailer(_ byte: UInt8) throws(RequestFault) {
        trailerBytes += 1
        if trailerBytes > Self.maxTrailerBytes { throw .trailers(limit: Self.maxTrailerBytes) }
        switch state {
        case .fieldStart where byte == 0x0D:
            state = .lastLineFeed
        case .fieldStart:
            guard HeadBytes.isToken(byte) else { throw HeadBytes.isBlank(byte) ? .foldedHeader : .fieldLine }
            state = .fieldName
        case .fieldName where byte == 0x3A:
            state = .fieldValue
        case .fieldName:
            guard HeadBytes.isToken(byte) else { throw .fieldLine }
        case .fieldValue where byte == 0x0D:
            state = .fieldLineFeed
        case .fieldValue:
            try Self.checkText(byte)
        default:
            guard byte == 0x0A else { throw .bareLineEnd }
            state = .fieldStart
        }
    }

    private static func checkText(_ byte: UInt8) throws(RequestFault) {
        if byte >= 0x20 && byte != 0x7F || byte == 0x09 { return }
        throw byte == 0x0A ? .bareLineEnd : .controlCharacter(byte)
    }
}
