import Testing

@testable import WebhookServer

/// What each kind of request is answered.
@Suite struct RequestTests {
    @Test func reviewIsAnsweredAndConnectionKept() async throws {
        try await TestServer.run { test in
            let port = test.port
            try await onThread {
                let client = try RawClient(port: port)
                for index in 0..<3 {
                    try client.send(post("/validate?timeout=5s", "{\"n\":\(index)}"))
                    let response = try client.response()
                    #expect(response.status == 200)
                    #expect(response.text == #"{"endpoint":"validate","length":7}"#)
                    #expect(response.headers["content-type"] == "application/json")
                    #expect(response.headers["date"]?.hasSuffix(" GMT") == true)
                    #expect(!response.closes)
                }
                try client.send(post("/mutate", "{}"))
                #expect(try client.response().text == #"{"endpoint":"mutate","length":2}"#)
            }
            #expect(test.journal.badPadding.count == 0)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var request: String
        var status: Int
        var closes = false
        var says = ""
        var testDescription: String { "\(status): \(request.prefix(60).debugDescription)" }
    }

    static let cases = [
        Case(request: post("/", "{}"), status: 404, says: "/validate or /mutate"),
        Case(request: post("/validate/", "{}"), status: 404),
        Case(request: post("/validatex", "{}"), status: 404),
        Case(request: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", status: 404),
        Case(request: "GET /validate HTTP/1.1\r\nHost: a\r\n\r\n", status: 405, says: "only POST"),
        Case(request: "PUT /mutate HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", status: 405),
        Case(request: "OPTIONS /mutate HTTP/1.1\r\nHost: a\r\n\r\n", status: 405),
        Case(request: "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}", status: 415),
        Case(
            request: "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
            status: 415, says: "text/plain"),
        Case(request: post(headers: ["Content-Encoding: gzip"]), status: 415, says: "gzip"),
        Case(request: post(headers: ["Content-Encoding: identity"]), status: 200),
        Case(
            request: "POST /validate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n\r\n", status: 411,
            says: "Content-Length"),
        Case(request: post("/validate", ""), status: 400, says: "empty"),
        Case(request: post("/validate", "garbage"), status: 400, says: "not an AdmissionReview"),
        Case(request: post(headers: ["Expect: a-miracle"]), status: 417, closes: true),
        Case(request: post(headers: ["Connection: close"]), status: 200, closes: true),
        Case(request: post(headers: ["Connection: Upgrade", "Upgrade: h2c"]), status: 200, closes: true),
        Case(request: "\r\n" + post(), status: 200),
        Case(
            request: "POST /validate HTTP/1.1\r\nhost: a\r\nCONTENT-TYPE:application/json; charset=utf-8\r\n"
                + "content-LENGTH: 2  \r\n\r\n{}", status: 200),
        Case(
            request: "POST /validate HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
            status: 200, closes: true),
    ]

    @Test(arguments: cases)
    func status(_ example: Case) async throws {
        try await TestServer.run { test in
            let response = try await test.exchange(example.request)
            #expect(response.status == example.status)
            #expect(response.closes == example.closes)
            #expect(response.text.contains(example.says))
            if response.status == 405 { #expect(response.headers["allow"] == "POST") }
            if response.status >= 400 {
                #expect(response.headers["content-type"] == "text/plain; charset=utf-8")
                #expect(response.text.hasSuffix("\n"))
            }
        }
    }

    @Test func headHasNoBody() async throws {
        try await TestServer.run { test in
            let port = test.port
            try await onThread {
                let client = try RawClient(port: port)
                try client.send("HEAD /validate HTTP/1.1\r\nHost: a\r\n\r\n" + post())
                let refused = try client.response(hasBody: false)
                #expect(refused.status == 405)
                #expect(refused.headers["content-length"] != "0")
                #expect(try client.response().status == 200)
            }
        }
    }

    @Test func busyProcessorAsksToComeAgain() async throws {
        try await TestServer.run { test in
            let response = try await test.exchange(post("/validate", "busy"))
            #expect(response.status == 503)
            #expect(response.headers["retry-after"] == "1")
            #expect(!response.closes)
        }
    }

    @Test func continueIsSentOnceTheHeadIsAccepted() async throws {
        try await TestServer.run { test in
            let port = test.port
            try await onThread {
                let client = try RawClient(port: port)
                let request = post("/validate", "{}", headers: ["Expect: 100-continue"])
                try client.send(String(request.dropLast(2)))
                #expect(try client.response().status == 100)
                try client.send("{}")
                #expect(try client.response().status == 200)

                // Refused instead, so that the body is never sent.
                try client.send(String(post("/nowhere", "{}", headers: ["Expect: 100-continue"]).dropLast(2)))
                let refused = try client.response()
                #expect(refused.status == 404)
                #expect(refused.closes)
                #expect(try client.untilClosed().isEmpty)
            }
        }
    }

    @Test func refusedBodyIsDroppedAndConnectionKept() async throws {
        try await TestServer.run { test in
            let port = test.port
            try await onThread {
                let client = try RawClient(port: port)
                try client.send(post("/nowhere", String(repeating: " ", count: 60_000)) + post())
                #expect(try client.response().status == 404)
                #expect(try client.response().status == 200)
            }
        }
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        try await TestServer.run { test in
            let port = test.port
            try await onThread {
                let client = try RawClient(port: port)
                let requests = (0..<500).map { post("/validate", String(repeating: "x", count: 1 + $0)) }
                // Cut anywhere.
                let bytes = Array(requests.joined().utf8)
                for start in stride(from: 0, to: bytes.count, by: 7_919) {
                    try client.send(Array(bytes[start..<min(start + 7_919, bytes.count)]))
                }
                for index in 0..<500 {
                    #expect(try client.response().text.contains("\"length\":\(index + 1)}"))
                }
            }
        }
    }

    @Test func oneByteAtATime() async throws {
        try await TestServer.run { test in
            let port = test.port
            try await onThread {
                let client = try RawClient(port: port)
                for byte in Array((post("/mutate", "{\"a\":1}")).utf8) {
                    try client.send([byte])
                }
                #expect(try client.response().text == #"{"endpoint":"mutate","length":7}"#)
            }
        }
    }
}
