import Testing

@testable import WebhookServer

/// Shapes that two parsers in a row may read differently: refused, and the connection closed, so that nothing after them is
/// ever taken for a request.
@Suite struct SmugglingTests {
    struct Shape: Sendable, CustomTestStringConvertible {
        var name: String
        var request: String
        var status = 400
        var testDescription: String { name }
    }

    /// A request of which one thing is changed.
    private static func request(
        line: String = "POST /validate HTTP/1.1", _ headers: [String], body: String = "{}", end: String = "\r\n"
    ) -> String {
        ([line, "Host: a", "Content-Type: application/json"] + headers).joined(separator: end) + end + end + body
    }

    static let shapes: [Shape] = [
        Shape(
            name: "Content-Length with Transfer-Encoding",
            request: request(
                ["Content-Length: 2", "Transfer-Encoding: chunked"], body: "0\r\n\r\n")),
        Shape(
            name: "Transfer-Encoding with Content-Length",
            request: request(
                ["Transfer-Encoding: chunked", "Content-Length: 2"], body: "0\r\n\r\n")),
        Shape(name: "two Content-Lengths", request: request(["Content-Length: 2", "Content-Length: 3"])),
        Shape(name: "two equal Content-Lengths", request: request(["Content-Length: 2", "Content-Length: 2"])),
        Shape(name: "Content-Length list", request: request(["Content-Length: 2, 2"])),
        Shape(name: "Content-Length with sign", request: request(["Content-Length: +2"])),
        Shape(name: "negative Content-Length", request: request(["Content-Length: -2"])),
        Shape(name: "hexadecimal Content-Length", request: request(["Content-Length: 0x2"])),
        Shape(name: "Content-Length with a space", request: request(["Content-Length: 2 0"])),
        Shape(name: "empty Content-Length", request: request(["Content-Length:"])),
        Shape(name: "fractional Content-Length", request: request(["Content-Length: 2.0"])),
        Shape(name: "Content-Length beyond 64 bits", request: request(["Content-Length: 18446744073709551618"])),
        Shape(name: "full-width digits", request: request(["Content-Length: \u{FF12}"])),
        Shape(name: "Content-Length list of spaces", request: request(["Content-Length:  5 ,5"])),
        Shape(name: "Content-Length of 19 digits", request: request(["Content-Length: 1000000000000000002"])),
        Shape(name: "vertical tab before a number", request: request(["Content-Length: \u{B}2"])),
        Shape(
            name: "chunked, chunked", request: request(["Transfer-Encoding: chunked, chunked"], body: "0\r\n\r\n")),
        Shape(name: "chunked with parameter", request: request(["Transfer-Encoding: chunked;q=1"])),
        Shape(name: "empty Transfer-Encoding", request: request(["Transfer-Encoding:"])),
        Shape(
            name: "folded Transfer-Encoding",
            request: request(["Transfer-Encoding: chunked\r\n , x"], body: "0\r\n\r\n")),
        Shape(name: "quoted name", request: request(["\"Content-Length\": 2"])),
        Shape(name: "high byte in a name", request: request(["Content-Length\u{A0}: 2"])),
        Shape(name: "CONNECT with a path", request: request(line: "CONNECT /validate HTTP/1.1", [])),
        Shape(name: "network-path target", request: request(line: "POST https:/validate HTTP/1.1", [])),
        Shape(name: "xchunked", request: request(["Transfer-Encoding: xchunked"])),
        Shape(name: "identity", request: request(["Transfer-Encoding: identity"])),
        Shape(name: "gzip, chunked", request: request(["Transfer-Encoding: gzip, chunked"], body: "0\r\n\r\n")),
        Shape(name: "chunked, identity", request: request(["Transfer-Encoding: chunked, identity"])),
        Shape(
            name: "two Transfer-Encodings",
            request: request(
                ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"], body: "0\r\n\r\n")),
        Shape(
            name: "chunked in HTTP/1.0",
            request: request(
                line: "POST /validate HTTP/1.0", ["Transfer-Encoding: chunked"], body: "0\r\n\r\n")),
        Shape(name: "space before the colon", request: request(["Content-Length : 2"])),
        Shape(name: "tab before the colon", request: request(["Transfer-Encoding\t: chunked"])),
        Shape(name: "no name", request: request([": 2"])),
        Shape(name: "no colon", request: request(["Content-Length"])),
        Shape(name: "bracket in a name", request: request(["Content[Length: 2"])),
        Shape(name: "folded header", request: request(["X: a\r\n Content-Length: 2"])),
        Shape(name: "folded header, tab", request: request(["Transfer-Encoding:\r\n\tchunked"])),
        Shape(
            name: "folded first header",
            request: "POST /validate HTTP/1.1\r\n Host: a\r\nContent-Length: 2\r\n\r\n{}"),
        Shape(name: "bare LF everywhere", request: request(["Content-Length: 2"], end: "\n")),
        Shape(name: "bare LF after a value", request: request(["X: a\nContent-Length: 2"])),
        Shape(name: "bare CR in a value", request: request(["X: a\rContent-Length: 2"])),
        Shape(name: "CR CR LF", request: request(["X: a\r"])),
        Shape(name: "bare LF at the end", request: "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\n{}"),
        Shape(name: "NUL in a value", request: request(["X: a\0b", "Content-Length: 2"])),
        Shape(name: "NUL in a name", request: request(["X\0: a", "Content-Length: 2"])),
        Shape(name: "DEL in a value", request: request(["X: a\u{7F}", "Content-Length: 2"])),
        Shape(name: "vertical tab in a value", request: request(["Transfer-Encoding: \u{B}chunked"])),
        Shape(name: "NUL in the target", request: request(line: "POST /validate\0 HTTP/1.1", ["Content-Length: 2"])),
        Shape(name: "space in the target", request: request(line: "POST /vali date HTTP/1.1", ["Content-Length: 2"])),
        Shape(name: "tab in the request line", request: request(line: "POST\t/validate HTTP/1.1", [])),
        Shape(name: "two spaces", request: request(line: "POST  /validate HTTP/1.1", [])),
        Shape(name: "trailing space", request: request(line: "POST /validate HTTP/1.1 ", [])),
        Shape(name: "fragment", request: request(line: "POST /validate#x HTTP/1.1", [])),
        Shape(name: "umlaut in the target", request: request(line: "POST /välidate HTTP/1.1", [])),
        Shape(name: "absolute-form", request: request(line: "POST http://a/validate HTTP/1.1", ["Content-Length: 2"])),
        Shape(name: "authority-form", request: request(line: "POST a:443 HTTP/1.1", ["Content-Length: 2"])),
        Shape(name: "CONNECT", request: request(line: "CONNECT a:443 HTTP/1.1", [])),
        Shape(name: "asterisk-form", request: request(line: "OPTIONS * HTTP/1.1", [])),
        Shape(name: "lowercase method", request: request(line: "post /validate HTTP/1.1", ["Content-Length: 2"])),
        Shape(name: "unknown method", request: request(line: "BREW /validate HTTP/1.1", [])),
        Shape(name: "two empty lines before", request: "\r\n\r\n" + request(["Content-Length: 2"])),
        Shape(name: "no Host", request: "POST /validate HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"),
        Shape(name: "two Hosts", request: request(["Host: b", "Content-Length: 2"])),
        Shape(name: "no version", request: "GET /validate\r\n\r\n"),
        Shape(name: "HTTP/1.2", request: request(line: "POST /validate HTTP/1.2", []), status: 505),
        Shape(name: "HTTP/2.0", request: request(line: "POST /validate HTTP/2.0", []), status: 505),
        Shape(name: "HTTP/0.9", request: request(line: "POST /validate HTTP/0.9", []), status: 505),
        Shape(name: "HTTP/11.1", request: request(line: "POST /validate HTTP/11.1", []), status: 505),
        Shape(name: "lowercase version", request: request(line: "POST /validate http/1.1", [])),
        Shape(name: "HTTP/2 preface", request: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", status: 505),
        Shape(name: "TLS in plain", request: "\u{16}\u{03}\u{01}\u{02}\0\u{01}\0\u{01}\u{7f}"),
        Shape(name: "garbage", request: "\0\0\0\0"),
        Shape(name: "chunk size with a sign", request: request(["Transfer-Encoding: chunked"], body: "+2\r\n{}\r\n")),
        Shape(name: "chunk size with 0x", request: request(["Transfer-Encoding: chunked"], body: "0x2\r\n{}\r\n")),
        Shape(name: "chunk size with a space", request: request(["Transfer-Encoding: chunked"], body: " 2\r\n{}\r\n")),
        Shape(name: "space after a chunk size", request: request(["Transfer-Encoding: chunked"], body: "2 \r\n{}\r\n")),
        Shape(
            name: "chunk size beyond 64 bits",
            request: request(["Transfer-Encoding: chunked"], body: "10000000000000002\r\n{}\r\n")),
        Shape(name: "bare LF after a chunk size", request: request(["Transfer-Encoding: chunked"], body: "2\n{}\r\n")),
        Shape(
            name: "chunk longer than its size",
            request: request(["Transfer-Encoding: chunked"], body: "1\r\n{}\r\n0\r\n\r\n")),
        Shape(
            name: "chunk size of nine digits", request: request(["Transfer-Encoding: chunked"], body: "000000002\r\n{}")
        ),
        Shape(
            name: "control character in a chunk's extension",
            request: request(["Transfer-Encoding: chunked"], body: "2;\u{1}\r\n{}\r\n0\r\n\r\n")),
        Shape(
            name: "folded trailer",
            request: request(["Transfer-Encoding: chunked"], body: "2\r\n{}\r\n0\r\nA: b\r\n c\r\n\r\n")),
        Shape(
            name: "bare LF after a chunk", request: request(["Transfer-Encoding: chunked"], body: "2\r\n{}\n0\r\n\r\n")),
    ]

    /// Followed by a request that must never be answered.
    @Test(arguments: shapes)
    func isRefusedAndClosed(_ shape: Shape) async throws {
        try await TestServer.runTLS { test in
            let response = try await onThread {
                let client = try test.client()
                try client.send(shape.request + post())
                let response = try client.response()
                #expect(try client.untilClosed().isEmpty)
                return response
            }
            #expect(response.status == shape.status)
            #expect(response.closes)
            #expect(test.journal.reviews.count == 0)
        }
    }

    /// The end of a chunked body is known to the parser alone, so nothing after it is read.
    @Test func nothingFollowsAChunkedBody() async throws {
        try await TestServer.runTLS { test in
            try await onThread {
                let client = try test.client()
                let head = Self.request(["Transfer-Encoding: chunked"], body: "")
                try client.send(head + "1;a=b\r\n{\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n" + post("/mutate"))
                let response = try client.response()
                #expect(response.status == 200)
                #expect(response.text.contains("\"length\":2}"))
                #expect(response.closes)
                #expect(try client.untilClosed().isEmpty)
            }
            #expect(test.journal.reviews.count == 1)
        }
    }

    @Test func emptyChunkedBodyIsEmpty() async throws {
        try await TestServer.runTLS { test in
            let response = try await test.exchange(Self.request(["Transfer-Encoding: chunked"], body: "0\r\n\r\n"))
            #expect(response.status == 400)
            #expect(response.text.contains("empty"))
        }
    }
}
