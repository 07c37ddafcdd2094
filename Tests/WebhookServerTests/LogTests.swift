import Foundation
import Logging
import Testing

@testable import WebhookServer

/// One JSON object a line, whatever is in it.
@Suite struct LogTests {
    private func line(_ write: (Logger) -> Void) throws -> String {
        let log = LogLines()
        var logger = Logger(label: "test") { _ in JSONLogHandler(level: .trace, sink: log.sink) }
        logger.logLevel = .trace
        write(logger)
        return try #require(log.lines.first)
    }

    @Test func lineIsOneSortedObject() throws {
        let line = try line { logger in
            var logger = logger
            logger[metadataKey: "zone"] = "a"
            logger[metadataKey: "b"] = "overridden"
            logger.notice(
                "hello",
                metadata: ["b": ["y": "1", "x": "2"], "a": [.string("1"), .stringConvertible(2)], "msg": "x"])
        }
        let pattern = /\{"ts":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z",(.*)\}/
        let match = try #require(try pattern.wholeMatch(in: line))
        #expect(
            match.1 == #""level":"notice","msg":"hello","a":["1","2"],"b":{"x":"2","y":"1"},"_msg":"x","zone":"a""#)
    }

    @Test func everyCharacterSurvivesAndNoneIsRaw() throws {
        var text = "quote \" backslash \\ "
        for value: UInt32 in Array(0...0x300) + Array(0x2000...0x2070) + [
            0x61C, 0xFEFF, 0xE0001, 0x1F600, 0xFFFD, 0x10FFFF,
        ] {
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        let line = try line { $0.info("\(text)", metadata: [text: "\(text)"]) }
        for scalar in line.unicodeScalars {
            let isSafe: Bool =
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator: false
                default: true
                }
            #expect(isSafe, "\(String(scalar.value, radix: 16))")
        }
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect((object["msg"] as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
        #expect((object[text] as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        (784_111_777, "1994-11-06T08:49:37.000Z", "Sun, 06 Nov 1994 08:49:37 GMT"),
        (951_827_696, "2000-02-29T12:34:56.000Z", "Tue, 29 Feb 2000 12:34:56 GMT"),
        (4_102_444_799, "2099-12-31T23:59:59.000Z", "Thu, 31 Dec 2099 23:59:59 GMT"),
        (-1, "1969-12-31T23:59:59.000Z", "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
    func time(_ seconds: Int64, _ rfc3339: String, _ http: String) {
        var bytes: [UInt8] = []
        CivilTime(secondsSince1970: seconds).appendRFC3339(milliseconds: 0, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == rfc3339)
        bytes = []
        CivilTime(secondsSince1970: seconds).appendHTTPDate(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == http)
    }

    @Test func decisionsAreLoggedOnce() async throws {
        try await TestServer.run(level: .info) { test in
            for body in ["{}", "warn", "deny", "garbage", "unknown 1", "unknown 2"] {
                _ = try await test.exchange(post("/validate", body))
            }
            _ = try await test.exchange(post("/nowhere", "{}"))
            #expect(await eventually { test.log.lines.count >= 5 })
            let lines = test.log.lines
            #expect(lines.count == 5, "\(lines)")
            #expect(lines[0].contains(#""msg":"listening","address":"127.0.0.1:"#))
            #expect(lines[1].contains(#""msg":"denied","code":"422","denied":["node-id"],"kind":"Region""#))
            #expect(lines[1].contains(#""name":"a\u202e\nb""#))
            #expect(lines[2].contains(#""problem":"the body is not an AdmissionReview","status":"400""#))
            #expect(lines[3].contains(#""kind":"Pod","resource":"pods""#))
            #expect(lines[4].contains("there is no"))
        }
    }

    @Test func allowedDecisionsAreForDebugging() async throws {
        try await TestServer.run(level: .debug) { test in
            _ = try await test.exchange(post("/validate", "warn"))
            #expect(await eventually { test.log.lines.count >= 2 })
            #expect(test.log.lines[1].contains(#""level":"debug","msg":"allowed""#))
            #expect(test.log.lines[1].contains(#""warned":["cpu-count-small"]"#))
        }
    }

    @Test func refusalsDoNotFillTheDisk() async throws {
        var limits = ServerLimits()
        limits.refusalLinesPerSecond = 5
        try await TestServer.run(limits: limits) { test in
            let port = test.port
            let clock = ContinuousClock()
            let start = clock.now
            try await onThread {
                let client = try RawClient(port: port)
                try client.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 200))
                for _ in 0..<200 {
                    #expect(try client.response().status == 404)
                }
            }
            // Five for each second that was touched, and a line about the rest.
            let seconds = Int((clock.now - start) / .seconds(1)) + 2
            #expect(test.log.lines.count <= 1 + 6 * seconds)
            #expect(test.log.lines.count < 100)
        }
    }
}
