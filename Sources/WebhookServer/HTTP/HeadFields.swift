import KubernetesTypes

/// What is known of a head while its lines are read: where the few things lie that are looked at.
struct HeadFields {
    private(set) var method: RequestMethod?
    private var methodText = 0..<0
    private var target = 0..<0
    private var isHTTP11 = false
    private var hosts = 0
    private var contentLength: Range<Int>?
    private var transferEncoding: Range<Int>?
    private var contentType: Range<Int>?
    private var contentEncoding: Range<Int>?
    private var expect: Range<Int>?
    private var isLast = false

    // MARK: The first line

    mutating func setRequestLine(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) throws(RequestFault) {
        guard let space = bytes[line].firstIndex(of: 0x20), space > line.lowerBound,
            bytes[line.lowerBound..<space].allSatisfy({ (0x41...0x5A).contains($0) || $0 == 0x2D }),
            let lastSpace = bytes[line].lastIndex(of: 0x20), lastSpace > space + 1
        else { throw .requestLine }
        methodText = line.lowerBound..<space
        target = (space + 1)..<lastSpace
        let name = Self.text(bytes, methodText)
        isHTTP11 = try Self.isHTTP11(Self.text(bytes, (lastSpace + 1)..<line.upperBound), method: name)
        guard bytes[target.lowerBound] == 0x2F else { throw .target }
        // No space and no tab inside, no fragment, and nothing beyond ASCII; control characters were refused before.
        guard bytes[target].allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x23 }) else { throw .requestLine }
        guard let method = RequestMethod(name) else { throw .unknownMethod(Refusal.quote(name)) }
        self.method = method
    }

    private static func isHTTP11(_ version: Text, method: Text) throws(RequestFault) -> Bool {
        if version == "HTTP/1.1" { return true }
        if version == "HTTP/1.0" { return false }
        guard version.hasPrefix("HTTP/") else { throw .requestLine }
        throw method == "PRI" ? .http2 : .version
    }

    // MARK: The other lines

    mutating func addField(_ bytes: UnsafeRawBufferPointer, _ line: Range<Int>) throws(RequestFault) {
        if HeadBytes.isBlank(bytes[line.lowerBound]) { throw .foldedHeader }
        var colon = line.lowerBound
        while colon < line.upperBound, HeadBytes.isToken(bytes[colon]) { colon += 1 }
        guard colon < line.upperBound, bytes[colon] == 0x3A, colon > line.lowerBound else { throw .fieldLine }
        let name = Self.text(bytes, line.lowerBound..<colon)
        let value = (colon + 1)..<line.upperBound
        // By length first: most fields are none of these, and comparing costs more than counting.
        switch name.count {
        case 4 where name.isEqual(ignoringCaseTo: "host"):
            hosts += 1
        case 6 where name.isEqual(ignoringCaseTo: "expect"):
            try Self.set(&expect, bytes, name, value)
        case 7 where name.isEqual(ignoringCaseTo: "upgrade"):
            // What follows may be meant to be of another protocol.
            isLast = true
        case 10 where name.isEqual(ignoringCaseTo: "connection"):
            if Self.text(bytes, value).hasElement("close") { isLast = true }
        case 12 where name.isEqual(ignoringCaseTo: "content-type"):
            try Self.set(&contentType, bytes, name, value)
        case 14 where name.isEqual(ignoringCaseTo: "content-length"):
            try Self.set(&contentLength, bytes, name, value)
        case 16 where name.isEqual(ignoringCaseTo: "content-encoding"):
            try Self.set(&contentEncoding, bytes, name, value)
        case 17 where name.isEqual(ignoringCaseTo: "transfer-encoding"):
            try Self.set(&transferEncoding, bytes, name, value)
        default:
            break
        }
    }

    /// White space around a value is not part of it (RFC 9110, 5.5).
    private static func set(
        _ field: inout Range<Int>?, _ bytes: UnsafeRawBufferPointer, _ name: Text, _ value: Range<Int>
    ) throws(RequestFault) {
        guard field == nil else { throw .repeatedField(Refusal.quote(name)) }
        var start = value.lowerBound
        var end = value.upperBound
        while start < end, HeadBytes.isBlank(bytes[start]) { start += 1 }
        while end > start, HeadBytes.isBlank(bytes[end - 1]) { end -= 1 }
        field = start..<end
    }

    // MARK: The end

    /// What is read in more than one way is refused, even where RFC 9110 allows a server to repair it.
    func finish(_ bytes: UnsafeRawBufferPointer, length: Int) throws(RequestFault) -> RequestHead {
        guard let method else { throw .requestLine }
        guard hosts == 1 || hosts == 0 && !isHTTP11 else { throw .hosts(hosts) }
        let framing = try framing(bytes)
        var expectsContinue = false
        if let expect, isHTTP11 {
            let expectation = Self.text(bytes, expect)
            guard expectation.isEqual(ignoringCaseTo: "100-continue") else {
                throw .expectation(Refusal.quote(expectation))
            }
            expectsContinue = framing != .empty
        }
        return RequestHead(
            length: length, method: method, methodText: Self.text(bytes, methodText), target: Self.text(bytes, target),
            framing: framing, hasFraming: contentLength != nil || transferEncoding != nil,
            contentType: contentType.map { Self.text(bytes, $0) },
            contentEncoding: contentEncoding.map { Self.text(bytes, $0) }, expectsContinue: expectsContinue,
            // HTTP/1.0 has several ways to keep a connection, none of them worth its risk; and after a chunked body, of
            // which every proxy has its own idea, nothing is read.
            isKeepAlive: isHTTP11 && !isLast && framing != .chunked)
    }

    private func framing(_ bytes: UnsafeRawBufferPointer) throws(RequestFault) -> BodyFraming {
        if let transferEncoding {
            guard contentLength == nil else { throw .lengthAndEncoding }
            let encoding = Self.text(bytes, transferEncoding)
            guard isHTTP11, encoding.isEqual(ignoringCaseTo: "chunked") else {
                throw .transferEncoding(Refusal.quote(encoding))
            }
            return .chunked
        }
        guard let contentLength else { return .empty }
        let digits = bytes[contentLength]
        // 18 digits cannot overflow, and are far more than any limit.
        guard (1...18).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw .contentLength(Refusal.quote(Self.text(bytes, contentLength)))
        }
        let length = digits.reduce(0) { $0 * 10 + Int($1 & 0x0F) }
        return length == 0 ? .empty : .length(length)
    }

    private static func text(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Text {
        guard let start = bytes.baseAddress, !range.isEmpty else { return Text("") }
        return Text(base: (start + range.lowerBound).assumingMemoryBound(to: UInt8.self), count: range.count)
    }
}
