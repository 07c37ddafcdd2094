import NIOHTTP1

/// How the end of a body is found.
enum BodyFraming: Equatable {
    case empty
    /// From Content-Length, which is not zero.
    case length(Int)
    case chunked
}

/// A request head whose framing is beyond doubt.
struct RequestHead {
    let method: HTTPMethod
    /// Begins with "/".
    let target: String
    let framing: BodyFraming
    /// A Content-Length or Transfer-Encoding was given, be it for an empty body.
    let hasFraming: Bool
    let contentType: String?
    let contentEncoding: String?
    /// The client waits for "100 Continue" before it sends the body.
    let expectsContinue: Bool
    /// The client means to send another request.
    let isKeepAlive: Bool

    /// The target without its query.
    var path: Substring { target[..<(target.utf8.firstIndex(of: 0x3F) ?? target.endIndex)] }
    /// What follows the "?" of the target.
    var query: Substring? { target.utf8.firstIndex(of: 0x3F).map { target[target.utf8.index(after: $0)...] } }

    /// Whether `path` is this one, without making a string of it.
    func hasPath(_ path: StaticString) -> Bool {
        let count = path.utf8CodeUnitCount
        return path.withUTF8Buffer { path in
            let bytes = target.utf8
            guard bytes.starts(with: path) else { return false }
            let rest = bytes.dropFirst(count)
            return rest.isEmpty || rest.first == 0x3F
        }
    }

    /// Refuses what can be read in more than one way, even where RFC 9110 allows a server to repair it.
    init(_ head: HTTPRequestHead) throws(Refusal) {
        var fields = Fields()
        for (name, value) in head.headers { try fields.add(name, value) }

        let isHTTP11 = head.version.minor >= 1
        method = head.method
        target = head.uri
        contentType = fields.contentType
        contentEncoding = fields.contentEncoding
        guard fields.hosts == 1 || fields.hosts == 0 && !isHTTP11 else {
            throw Refusal(400, "there are \(fields.hosts) Host headers; send exactly one")
        }
        framing = try fields.framing(isHTTP11: isHTTP11)
        hasFraming = fields.contentLength != nil || fields.transferEncoding != nil
        if let expectation = fields.expect, isHTTP11 {
            guard expectation.isEqual(ignoringCaseTo: "100-continue") else {
                throw Refusal(417, "the Expect is \(Refusal.quote(expectation)); only 100-continue is known")
            }
            expectsContinue = framing != .empty
        } else {
            expectsContinue = false
        }
        // HTTP/1.0 has several ways to keep a connection, none of them worth its risk. The parser stops after a request
        // that asks for another protocol. After a chunked body the end of the message is known to the parser alone.
        isKeepAlive = head.isKeepAlive && isHTTP11 && !fields.hasUpgrade && framing != .chunked
    }
}

/// The few header fields that are looked at.
private struct Fields {
    var hosts = 0
    var contentLength: String?
    var transferEncoding: String?
    var contentType: String?
    var contentEncoding: String?
    var expect: String?
    var hasUpgrade = false

    mutating func add(_ name: String, _ value: String) throws(Refusal) {
        // By length first: most fields are none of these, and comparing costs more than counting.
        switch name.utf8.count {
        case 4 where name.isEqual(ignoringCaseTo: "host"):
            hosts += 1
        case 6 where name.isEqual(ignoringCaseTo: "expect"):
            try Self.set(&expect, name, value)
        case 7 where name.isEqual(ignoringCaseTo: "upgrade"):
            hasUpgrade = true
        case 12 where name.isEqual(ignoringCaseTo: "content-type"):
            try Self.set(&contentType, name, value)
        case 14 where name.isEqual(ignoringCaseTo: "content-length"):
            try Self.set(&contentLength, name, value)
        case 16 where name.isEqual(ignoringCaseTo: "content-encoding"):
            try Self.set(&contentEncoding, name, value)
        case 17 where name.isEqual(ignoringCaseTo: "transfer-encoding"):
            try Self.set(&transferEncoding, name, value)
        default:
            break
        }
    }

    private static func set(_ field: inout String?, _ name: String, _ value: String) throws(Refusal) {
        guard field == nil else { throw Refusal(400, "the header \(Refusal.quote(name)) occurs more than once") }
        // White space after a value is not part of it (RFC 9110, 5.5); the parser leaves it there.
        if let last = value.utf8.last, last == 0x20 || last == 0x09 {
            let end = value.utf8.lastIndex { $0 != 0x20 && $0 != 0x09 }
            field = end.map { String(value[...$0]) } ?? ""
        } else {
            field = value
        }
    }

    func framing(isHTTP11: Bool) throws(Refusal) -> BodyFraming {
        if let transferEncoding {
            guard contentLength == nil else {
                throw Refusal(400, "there are both Content-Length and Transfer-Encoding; send one of them")
            }
            guard isHTTP11, transferEncoding.isEqual(ignoringCaseTo: "chunked") else {
                throw Refusal(400, "the Transfer-Encoding is \(Refusal.quote(transferEncoding)); only chunked is known")
            }
            return .chunked
        }
        guard let contentLength else { return .empty }
        // 18 digits cannot overflow, and are far more than any limit.
        guard !contentLength.isEmpty, contentLength.utf8.count <= 18,
            contentLength.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(contentLength)
        else {
            throw Refusal(400, "the Content-Length is \(Refusal.quote(contentLength)), not a number of bytes")
        }
        return length == 0 ? .empty : .length(length)
    }
}

extension StringProtocol {
    /// Compares ASCII letters without regard to case. `other` must be lowercase.
    func isEqual(ignoringCaseTo other: StaticString) -> Bool {
        guard utf8.count == other.utf8CodeUnitCount else { return false }
        return other.withUTF8Buffer { other in
            var index = 0
            for byte in utf8 {
                let lower = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
                guard lower == other[index] else { return false }
                index += 1
            }
            return true
        }
    }
}
