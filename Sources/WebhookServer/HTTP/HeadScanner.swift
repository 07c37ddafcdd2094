/// Finds the end of a request head and refuses bytes on which parsers are known to disagree.
///
/// ```
/// head    = [ CRLF ] method SP target SP version CRLF *( field CRLF ) CRLF      ; RFC 9112, 2.1
/// method  = 1*( "A"…"Z" / "-" )
/// target  = "/" *( %x21-22 / %x24-7E )                                          ; origin-form, no fragment
/// version = "HTTP/1.0" / "HTTP/1.1"
/// field   = ( %x21-7E / %x80-FF ) *( HTAB / %x20-7E / %x80-FF )                 ; the parser looks inside
/// ```
///
/// It decides nothing else: names, values and framing are the HTTP parser's business.
struct HeadScanner {
    enum Step: Equatable {
        /// More bytes are needed.
        case incomplete
        /// The head is this many bytes long, after as many bytes of an empty line that is to be skipped.
        case complete(skipped: Int, length: Int)
        case malformed(HeadFault)
    }

    private let maxBytes: Int
    private let maxFields: Int
    /// Where to continue.
    private var position = 0
    private var lineStart = 0
    private var headStart = 0
    /// Complete lines so far, the request line included.
    private var lines = 0

    init(maxBytes: Int, maxFields: Int) {
        self.maxBytes = maxBytes
        self.maxFields = maxFields
    }

    /// Looks at what has arrived since the last call. `bytes` is everything since the end of the last message, and at
    /// least what was given the last time.
    mutating func scan(_ bytes: UnsafeRawBufferPointer) -> Step {
        do throws(HeadFault) {
            while position < min(bytes.count, headStart + maxBytes) {
                let byte = bytes[position]
                if byte >= 0x20 && byte != 0x7F || byte == 0x09 {
                    position += 1
                    continue
                }
                guard byte == 0x0D else {
                    throw byte == 0x0A ? .bareLineEnd : .controlCharacter(byte)
                }
                guard position + 1 < bytes.count else { break }
                guard bytes[position + 1] == 0x0A else { throw .bareLineEnd }
                let line = UnsafeRawBufferPointer(rebasing: bytes[lineStart..<position])
                position += 2
                lineStart = position
                if try isLastLine(line) {
                    if position - headStart > maxBytes { break }
                    return .complete(skipped: headStart, length: position - headStart)
                }
            }
            if bytes.count - headStart > maxBytes { throw .tooLarge(limit: maxBytes) }
            return .incomplete
        } catch {
            return .malformed(error)
        }
    }

    private mutating func isLastLine(_ line: UnsafeRawBufferPointer) throws(HeadFault) -> Bool {
        guard let first = line.first else {
            if lines > 0 { return true }
            // One empty line before a request is to be expected of old clients (RFC 9112, 2.2), two are not.
            guard headStart == 0 else { throw .requestLine }
            headStart = position
            return false
        }
        if lines == 0 {
            try Self.checkRequestLine(line)
        } else {
            if first == 0x20 || first == 0x09 { throw .foldedHeader }
            if lines > maxFields { throw .tooManyFields(limit: maxFields) }
        }
        lines += 1
        return false
    }

    private static func checkRequestLine(_ line: UnsafeRawBufferPointer) throws(HeadFault) {
        guard let space = line.firstIndex(of: 0x20), space > 0,
            line[..<space].allSatisfy({ (0x41...0x5A).contains($0) || $0 == 0x2D }),
            let lastSpace = line.lastIndex(of: 0x20), lastSpace > space + 1
        else { throw .requestLine }
        let target = line[(space + 1)..<lastSpace]
        let version = line[(lastSpace + 1)...]
        if !version.elementsEqual("HTTP/1.1".utf8), !version.elementsEqual("HTTP/1.0".utf8) {
            guard version.starts(with: "HTTP/".utf8) else { throw .requestLine }
            throw line[..<space].elementsEqual("PRI".utf8) ? .http2 : .version
        }
        guard target.first == 0x2F else { throw .target }
        guard target.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x23 }) else { throw .requestLine }
    }
}
