import Foundation
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import TLS
import Testing

@testable import WebhookServer

/// A running server and what the tests look at.
struct TestServer: Sendable {
    let server: WebhookServer
    let addresses: BoundAddresses
    let journal: TestProcessor.Journal
    let log: LogLines

    var port: Int { addresses.webhook.port }
    private var isBehindTLS: Bool { server.configuration.tls != nil }

    /// A connection to the webhook, as it wants to be spoken to.
    func client(timeout: Double = 5, receiveBuffer: Int32? = nil) throws -> RawClient {
        try RawClient(
            port: port, timeout: timeout, receiveBuffer: receiveBuffer,
            context: isBehindTLS ? TestCertificates.client.get() : nil)
    }

    /// As `run`, behind TLS.
    @discardableResult
    static func runTLS<T: Sendable>(
        limits: ServerLimits = ServerLimits(), configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (TestServer) async throws -> T
    ) async throws -> T {
        try await run(limits: limits, tls: TestCertificates.server(), configure: configure, body)
    }

    /// Starts a server on free ports of 127.0.0.1, and stops it after the body.
    @discardableResult
    static func run<T: Sendable>(
        limits: ServerLimits = ServerLimits(), tls: TLSServerContextProvider? = nil, level: Logger.Level = .info,
        configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (TestServer) async throws -> T
    ) async throws -> T {
        let made = make(limits: limits, tls: tls, level: level, configure: configure)
        let addresses = try await made.server.start()
        let test = TestServer(server: made.server, addresses: addresses, journal: made.journal, log: made.log)
        do {
            let result = try await body(test)
            await made.server.stop()
            return result
        } catch {
            await made.server.stop()
            throw error
        }
    }

    static func make(
        limits: ServerLimits = ServerLimits(), tls: TLSServerContextProvider? = nil, level: Logger.Level = .info,
        configure: (inout ServerConfiguration) -> Void = { _ in }
    ) -> (server: WebhookServer, journal: TestProcessor.Journal, log: LogLines) {
        let journal = TestProcessor.Journal()
        let log = LogLines()
        var logger = Logger(label: "test") { _ in JSONLogHandler(level: level, sink: log.sink) }
        logger.logLevel = level
        var configuration = ServerConfiguration(
            address: ListenAddress(host: "127.0.0.1", port: 0), tls: tls, eventLoopCount: 2, logger: logger
        ) { TestProcessor(journal) }
        configuration.healthAddress = ListenAddress(host: "127.0.0.1", port: 0)
        configuration.metricsAddress = ListenAddress(host: "127.0.0.1", port: 0)
        configuration.limits = limits
        configuration.limits.drainTimeout = .milliseconds(500)
        configuration.limits.lingerTimeout = min(limits.lingerTimeout, .milliseconds(500))
        configuration.drainDelay = .zero
        configure(&configuration)
        return (WebhookServer(configuration), journal, log)
    }

    /// Sends one request on a connection of its own and returns the response, and whether the server then ended the stream.
    func exchange(_ request: String) async throws -> RawClient.Response {
        try await exchange(Array(request.utf8))
    }

    func exchange(_ request: [UInt8]) async throws -> RawClient.Response {
        try await onThread {
            let client = try client()
            try client.send(request)
            return try client.response()
        }
    }

    /// The status of a GET to the health or metrics listener, and its body.
    func get(_ path: String, from address: ListenAddress?) async throws -> RawClient.Response {
        let port = try #require(address?.port)
        return try await onThread {
            let client = try RawClient(port: port)
            try client.send("GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
            return try client.response()
        }
    }
}

extension ServerLimits {
    /// The limits of production with a few changes.
    static func with(_ change: (inout ServerLimits) -> Void) -> ServerLimits {
        var limits = ServerLimits()
        change(&limits)
        return limits
    }
}

extension RawClient.Response {
    var closes: Bool { headers["connection"] == "close" }
}

/// A POST as the API server sends it.
func post(_ path: String = "/validate?timeout=5s", _ body: String = "{}", headers: [String] = []) -> String {
    let lines =
        [
            "POST \(path) HTTP/1.1", "Host: webhook.unikorn.svc:443", "User-Agent: kube-apiserver-admission",
            "Content-Length: \(body.utf8.count)", "Accept: application/json, */*", "Content-Type: application/json",
            "Accept-Encoding: gzip",
        ] + headers
    return lines.joined(separator: "\r\n") + "\r\n\r\n" + body
}

/// Collects what is logged.
final class LogLines: Sendable {
    private let pipe = Pipe()
    private let text = Mutex<[UInt8]>([])
    let sink: LogSink

    init() {
        sink = LogSink(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        // Never blocks: what has not been written yet is not waited for.
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    /// Everything so far.
    var lines: [String] {
        text.withLock { text in
            var part = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = read(pipe.fileHandleForReading.fileDescriptor, &part, part.count)
                guard count > 0 else { break }
                text.append(contentsOf: part[..<count])
            }
            return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
        }
    }
}

/// Waits until something holds; false after five seconds.
func eventually(_ condition: @Sendable () async throws -> Bool) async rethrows -> Bool {
    for _ in 0..<250 {
        if try await condition() { return true }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return false
}

extension TestServer {
    /// The value of a metric without labels, its prefix left out.
    func metric(_ name: String) async throws -> Double {
        let text = try await get("/metrics", from: addresses.metrics).text
        let line = text.split(separator: "\n").first { $0.hasPrefix("unikorn_region_webhook_\(name) ") }
        return try #require(line?.split(separator: " ").last.flatMap { Double($0) })
    }

    func openConnections() async throws -> Int {
        Int(try await metric("connections_open"))
    }
}
