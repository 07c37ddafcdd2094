import KubernetesTypes
import Testing

@testable import WebhookServer

/// The reader of requests without a socket: what it makes of a stream, however the stream is cut.
@Suite struct RequestReaderTests {
    /// What came out of a stream, the bytes of bodies joined.
    struct Reading: Equatable {
        var requests: [String] = []
        var fault: RequestFault?
        var isComplete = true
    }

    /// Gives the reader what it is to be given: everything that has arrived and was not used up.
    static func read(
        _ pieces: [[UInt8]], maxHeadBytes: Int = 65_536, drops: Bool = false
    ) -> Reading {
        var reader = RequestReader(maxHeadBytes: maxHeadBytes, maxFields: 100)
        var reading = Reading()
        var arrived: [UInt8] = []
        var body: [UInt8] = []
        for piece in pieces {
            arrived += piece
            var needsMore = false
            while !needsMore {
                var used = 0
                do throws(RequestFault) {
                    // A copy of its own, so that a sanitizer sees every byte that is read beyond the end.
                    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: arrived.count, alignment: 1)
                    defer { bytes.deallocate() }
                    bytes.copyBytes(from: arrived)
                    switch try reader.next(UnsafeRawBufferPointer(bytes)) {
                    case .incomplete(let count):
                        used = count
                        needsMore = true
                    case .head(let head):
                        used = head.length
                        reading.requests.append("\(String(head.methodText)) \(String(head.target)) \(head.framing)")
                        if drops { reader.drop() } else { reader.accept() }
                    case .part(let range):
                        used = range.upperBound
                        body += arrived[range]
                    case .complete(let range):
                        used = range.upperBound
                        body += arrived[range]
                        reading.requests.append(String(decoding: body, as: UTF8.self))
                        body = []
                    }
                } catch {
                    reading.fault = error
                    return reading
                }
                arrived.removeFirst(used)
            }
        }
        reading.isComplete = reader.isInHead && arrived.isEmpty
        return reading
    }

    private static func fault(_ text: String, maxHeadBytes: Int = 65_536) -> RequestFault? {
        read([Array(text.utf8)], maxHeadBytes: maxHeadBytes).fault
    }

    static let stream =
        "POST /validate?timeout=5s HTTP/1.1\r\nHost: a\r\nX:\tä\r\nContent-Length: 5\r\n\r\nhello"
        + "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"
        + "POST /mutate HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
        + "5;a=\"b\"\r\nhello\r\n0000001\r\n!\r\n0\r\nTrailer: x\r\n\r\n"
        + "PUT /x HTTP/1.0\r\n\r\n"

    static let requests = [
        "POST /validate?timeout=5s length(5)", "hello", "GET / empty", "", "POST /mutate chunked", "hello!",
        "PUT /x empty", "",
    ]

    @Test func everyCutGivesTheSame() {
        let bytes = Array(Self.stream.utf8)
        for cut in 0...bytes.count {
            let reading = Self.read([Array(bytes[..<cut]), Array(bytes[cut...])])
            #expect(reading == Reading(requests: Self.requests), "\(cut)")
        }
        #expect(Self.read(bytes.map { [$0] }) == Reading(requests: Self.requests))
    }

    @Test func droppedBodiesAreSkipped() {
        let stream = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: a\r\n\r\n"
        let requests = ["POST / length(5)", "", "GET / empty", ""]
        #expect(Self.read([Array(stream.utf8)], drops: true) == Reading(requests: requests))
        #expect(Self.read(stream.utf8.map { [$0] }, drops: true) == Reading(requests: requests))
        // Of a chunked body nobody knows the end who does not read it.
        let chunked = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + stream
        #expect(Self.read([Array(chunked.utf8)], drops: true).requests == ["POST / chunked"])
    }

    @Test func limitOfTheHeadIsExact() {
        let head = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        let length = head.utf8.count
        for text in [head, head + "x", "\r\n" + head] {
            #expect(Self.fault(text, maxHeadBytes: length) == nil)
            #expect(Self.fault(text, maxHeadBytes: length - 1) == .headTooLarge(limit: length - 1))
        }
        #expect(Self.fault(String(head.dropLast()), maxHeadBytes: length - 1) == nil)
    }

    static let faults: [(String, RequestFault)] = [
        ("GET / HTTP/1.1\n", .bareLineEnd), ("GET / HTTP/1.1\rx", .bareLineEnd),
        ("GET / HTTP/1.1\r\nX: \u{1}", .controlCharacter(1)), ("GET / HTTP/1.1\r\nX: \u{7F}", .controlCharacter(0x7F)),
        ("GET / HTTP/1.1\r\nX: a\r\n b\r\n", .foldedHeader), ("PRI * HTTP/2.0\r\n", .http2),
        ("GET http://a/ HTTP/1.1\r\n", .target), ("GET / HTTP/3\r\n", .version), ("\r\n\r\n", .requestLine),
        ("BREW / HTTP/1.1\r\n", .unknownMethod("\"BREW\"")), ("CONNECT / HTTP/1.1\r\n", .unknownMethod("\"CONNECT\"")),
        ("GET / HTTP/1.1\r\nX\r\n", .fieldLine), ("GET / HTTP/1.1\r\n: x\r\n", .fieldLine),
        ("GET / HTTP/1.1\r\nX : x\r\n", .fieldLine), ("GET / HTTP/1.1\r\nX\u{FF}: x\r\n", .fieldLine),
        ("GET / HTTP/1.1\r\n\r\n", .hosts(0)),
        ("GET / HTTP/1.1\r\n" + String(repeating: "X: a\r\n", count: 101), .tooManyFields(limit: 100)),
        ("GET / HTTP/1.1\r\nExpect: a\r\nEXPECT: a\r\n", .repeatedField("\"EXPECT\"")),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1234567890123456789\r\n\r\n",
            .contentLength("\"1234567890123456789\"")
        ),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: b\r\n\r\n", .expectation("\"b\"")),
    ]

    @Test(arguments: faults)
    func faultsAreNamed(_ text: String, _ fault: RequestFault) {
        #expect(Self.fault(text) == fault)
        // Cut into bytes it is found at the same place, or earlier.
        #expect(Self.read(text.utf8.map { [$0] }).fault == fault)
        #expect(fault.refusal.status >= 400)
        #expect(!fault.refusal.message.isEmpty)
    }

    static let chunkFaults: [(String, RequestFault)] = [
        ("\r\n", .chunkSize), (";a\r\n", .chunkSize), ("g\r\n", .chunkSize), ("000000001\r\n", .chunkSize),
        ("-1\r\n", .chunkSize), ("1 \r\n", .chunkSize), ("1\n", .chunkSize), ("1\rx", .bareLineEnd),
        ("1;a\n", .bareLineEnd), ("1;\u{1}\r\n", .controlCharacter(1)), ("1\r\nxx", .chunkEnd),
        ("1\r\nx\n", .chunkEnd), ("1\r\nx\rx", .chunkEnd), ("0\r\n\n", .fieldLine), ("0\r\n x: y\r\n", .foldedHeader),
        ("0\r\nx\r\n", .fieldLine), ("0\r\nx:\n", .bareLineEnd), ("0\r\nx: y\rz", .bareLineEnd),
        ("0\r\n\rx", .bareLineEnd),
        ("1;" + String(repeating: "a", count: 4_097), .chunkExtensions(limit: 4_096)),
        (
            String(repeating: "1;" + String(repeating: "a", count: 40) + "\r\nx\r\n", count: 200),
            .chunkExtensions(limit: 4_096)
        ),
        ("0\r\nx:" + String(repeating: "a", count: 4_096), .trailers(limit: 4_096)),
    ]

    @Test(arguments: chunkFaults)
    func chunkFaultsAreNamed(_ text: String, _ fault: RequestFault) {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(Self.fault(head + text) == fault)
        #expect(Self.read((head + text).utf8.map { [$0] }).fault == fault)
    }

    @Test(arguments: [
        ("/", nil), ("/?timeout=5s", "5s"), ("/?a=b&timeout=5s&timeout=6s", "5s"), ("/?timeout", ""),
        ("/?xtimeout=1s&timeout=", ""), ("/timeout=5s", nil), ("/?", nil), ("/?&&timeout=1s=2&", "1s=2"),
    ])
    func parameters(_ target: String, _ value: String?) throws {
        var reader = RequestReader(maxHeadBytes: 1_000, maxFields: 10)
        let head = Array("POST \(target) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        try head.withUnsafeBytes { bytes in
            guard case .head(let head) = try reader.next(bytes) else {
                Issue.record("no head")
                return
            }
            #expect(head.parameter("timeout").map { String($0) } == value)
            #expect(String(head.path) == target.prefix { $0 != "?" })
        }
    }

    @Test func tokensAreThoseOfTheStandard() {
        let tokens = Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        for byte in UInt8.min...UInt8.max { #expect(HeadBytes.isToken(byte) == tokens.contains(byte)) }
    }

    @Test func firstControlIsFoundAnywhere() {
        for length in 0...20 {
            let plain = [UInt8](repeating: 0xA0, count: length)
            #expect(plain.withUnsafeBytes { HeadBytes.firstControl(in: $0, from: 0, to: length) } == length)
            for control: UInt8 in [0, 9, 13, 31, 127] {
                for place in 0..<length {
                    var bytes = plain
                    bytes[place] = control
                    if place + 1 < length { bytes[place + 1] = 0 }
                    #expect(bytes.withUnsafeBytes { HeadBytes.firstControl(in: $0, from: 0, to: length) } == place)
                }
            }
        }
    }
}
