/// What is wrong with the bytes of a request. Each of these ends the connection: after a malformed request nobody can say
/// where the next one starts, which is what request smuggling lives on.
package enum RequestFault: Error, Equatable {
    case headTooLarge(limit: Int)
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
    case unknownMethod(String)
    case fieldLine
    /// A field of which one value is used is there twice.
    case repeatedField(String)
    case hosts(Int)
    case lengthAndEncoding
    case transferEncoding(String)
    case contentLength(String)
    case expectation(String)
    case chunkSize
    case chunkEnd
    case chunkExtensions(limit: Int)
    case trailers(limit: Int)

    /// The answer, before the connection is closed.
    var refusal: Refusal {
        switch self {
        case .headTooLarge(let limit): Refusal(431, "the request line and headers are longer than \(limit) bytes")
        case .tooManyFields(let limit): Refusal(431, "there are more than \(limit) header fields")
        case .trailers(let limit): Refusal(431, "the fields after the body are longer than \(limit) bytes")
        case .http2: Refusal(505, "HTTP/2 is not served here; use HTTP/1.1")
        case .version: Refusal(505, "the HTTP version is not served here; use HTTP/1.1")
        case .expectation(let found): Refusal(417, "the Expect is \(found); only 100-continue is known")
        default: Refusal(400, badRequest)
        }
    }

    private var badRequest: String {
        switch self {
        case .bareLineEnd: "a line of the request does not end with CR LF"
        case .controlCharacter(let byte): "the request contains the control character 0x\(hexadecimal(byte))"
        case .foldedHeader: "a header line starts with white space; a header is one line"
        case .target: "the request target does not start with \"/\"; only paths are served here"
        case .requestLine: "the first line is not \"METHOD /path HTTP/1.1\""
        case .unknownMethod(let found): "the method \(found) is not known"
        case .fieldLine: "a header line is not \"Name: value\""
        case .repeatedField(let name): "the header \(name) occurs more than once"
        case .hosts(let count): "there are \(count) Host headers; send exactly one"
        case .lengthAndEncoding: "there are both Content-Length and Transfer-Encoding; send one of them"
        case .transferEncoding(let found): "the Transfer-Encoding is \(found); only chunked is known"
        case .contentLength(let found): "the Content-Length is \(found), not a number of bytes"
        case .chunkSize:
            "the size of a chunk is not a hexadecimal number of at most \(ChunkReader.maxSizeDigits) digits"
        case .chunkEnd: "a chunk is not as long as its size says"
        case .chunkExtensions(let limit): "the extensions of chunks are longer than \(limit) bytes"
        default: "the request is not valid HTTP/1.1"
        }
    }
}

/// Two lowercase hexadecimal digits.
func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16)
    return byte < 16 ? "0" + digits : digits
}
