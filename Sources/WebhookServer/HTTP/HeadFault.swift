/// What is wrong with the bytes of a request head. Each of these ends the connection: after a malformed head nobody can
/// say where the next request starts, which is what request smuggling lives on.
enum HeadFault: Error, Equatable {
    case tooLarge(limit: Int)
    case tooManyFields(limit: Int)
    /// A line feed without a carriage return before it, or the other way round.
    case bareLineEnd
    case controlCharacter(UInt8)
    /// A header line that starts with white space, once a way to continue the one before.
    case foldedHeader
    /// The connection preface of HTTP/2.
    case http2
    case version
    /// An absolute URL, an authority or `*` where a path is expected.
    case target
    case requestLine

    /// The answer, before the connection is closed.
    var refusal: Refusal {
        switch self {
        case .tooLarge(let limit):
            Refusal(431, "the request line and headers are longer than \(limit) bytes")
        case .tooManyFields(let limit):
            Refusal(431, "there are more than \(limit) header fields")
        case .bareLineEnd:
            Refusal(400, "a line of the head does not end with CR LF")
        case .controlCharacter(let byte):
            Refusal(400, "the head contains the control character 0x\(hexadecimal(byte))")
        case .foldedHeader:
            Refusal(400, "a header line starts with white space; a header is one line")
        case .http2:
            Refusal(505, "HTTP/2 is not served here; use HTTP/1.1")
        case .version:
            Refusal(505, "the HTTP version is not served here; use HTTP/1.1")
        case .target:
            Refusal(400, "the request target does not start with \"/\"; only paths are served here")
        case .requestLine:
            Refusal(400, "the first line is not \"METHOD /path HTTP/1.1\"")
        }
    }
}

/// Two lowercase hexadecimal digits.
func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return byte < 16 ? "0" + digits : digits
}
