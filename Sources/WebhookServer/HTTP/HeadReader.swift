import KubernetesTypes

/// Reads a request head where it lies, and refuses everything that two parsers are known to read differently.
///
/// ```
/// head    = [ CRLF ] method SP target SP version CRLF *( field CRLF ) CRLF      ; RFC 9112, 2.1
/// method  = 1*( "A"…"Z" / "-" )                                                 ; and registered
/// target  = "/" *( %x21-22 / %x24-7E )                                          ; origin-form, no fragment
/// version = "HTTP/1.0" / "HTTP/1.1"
/// field   = token ":" *( HTAB / %x20-7E / %x80-FF )
/// ```
///
/// Each byte is looked at once, however the head is cut. Nothing is copied.
struct HeadReader {
    private let maxBytes: Int
    private let maxFields: Int
    /// Where to continue.
    private var position = 0
    private var lineStart = 0
    private var headStart = 0
    /// Complete lines so far, the request line included.
    private var lines = 0
    private var head = HeadFields()

    init(maxBytes: Int, maxFields: Int) {
        self.maxBytes = maxBytes
        self.maxFields = maxFields
    }

    /// The request line has been read, and the method is HEAD: no answer may have a body.
    var isHead: Bool { head.method == .head }

    /// Looks at what has arrived since the last call. `bytes` is everything since the end of the last request, and at
    /// least what was given the last time. Nothing means that more is needed.
    mutating func read(_ bytes: UnsafeRawBufferPointer) throws(RequestFault) -> RequestHead? {
        let end = min(bytes.count, headStart + maxBytes)
        while position < end {
            position = HeadBytes.firstControl(in: bytes, from: position, to: end)
            guard position < end else { break }
            let byte = bytes[position]
            if byte == 0x09 {
                position += 1
                continue
            }
            guard byte == 0x0D else { throw byte == 0x0A ? .bareLineEnd : .controlCharacter(byte) }
            guard position + 1 < bytes.count else { break }
            guard bytes[position + 1] == 0x0A else { throw .bareLineEnd }
            let line = lineStart..<position
            position += 2
            lineStart = position
            if line.isEmpty {
                if try endsHead() {
                    if position - headStart > maxBytes { break }
                    return try head.finish(bytes, length: position)
                }
            } else {
                try addLine(bytes, line)
            }
        }
        if bytes.count - headStart > maxBytes { throw .headTooLarge(limit: maxBytes) }
        return nil
    }

    /// An empty line ends the head. One before a request is to be expected of old clients (RFC 9112, 2.2), two are not.
    private mutating func endsHead() throws(RequestFault) -> Bool {
        if lines > 0 { return true }
        guard headStart == 0 else { throw .requestLine }
        headStart = position
        return false
    }

    private mutating func addLine(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) throws(RequestFault) {
        if lines == 0 {
            try head.setRequestLine(bytes, line)
        } else {
            if lines > maxFields { throw .tooManyFields(limit: maxFields) }
            try head.addField(bytes, line)
        }
        lines += 1
    }
}
