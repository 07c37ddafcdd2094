import NIOCore
import Testing

@testable import WebhookServer

/// Health, metrics, and what is counted.
@Suite struct OperationsTests {
    /// Connections that say nothing leave room for probes; one that has asked may take its time until it asks again.
    @Test func connectionsThatSayNothingAreClosedSoon() async throws {
        #expect(ServerLimits.operations.firstRequestTimeout == .seconds(5))
        #expect(ServerLimits().firstRequestTimeout == nil)
        try await TestServer.run(configure: { $0.operationsLimits.firstRequestTimeout = .milliseconds(300) }) { test in
            let port = try #require(test.addresses.health?.port)
            try await onThread {
                let scraper = try RawClient(port: port)
                try scraper.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try scraper.response().status == 200)
                let silent = try (0..<ServerLimits.operations.maxConnections - 1).map { _ in try RawClient(port: port) }
                #expect(try RawClient(port: port).untilClosed().isEmpty)
                for client in silent { #expect(try client.untilClosed().isEmpty) }
                try scraper.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try scraper.response().status == 200)
            }
            #expect(try await test.get("/livez", from: test.addresses.health).status == 200)
        }
    }

    @Test func healthEndpoints() async throws {
        try await TestServer.run { test in
            for path in ["/healthz", "/livez", "/readyz"] {
                let response = try await test.get(path, from: test.addresses.health)
                #expect(response.status == 200)
                #expect(response.text == "ok")
            }
            let verbose = try await test.get("/livez?verbose", from: test.addresses.health)
            #expect(verbose.text == "[+]ping ok\n[+]event-loops ok\nlivez check passed\n")
            #expect(try await test.get("/metrics", from: test.addresses.health).status == 404)
            #expect(try await test.get("/livez", from: test.addresses.metrics).status == 404)
            #expect(try await test.get("/validate", from: test.addresses.health).status == 404)
        }
    }

    @Test func readinessNamesWhatIsMissing() async throws {
        try await TestServer.run { test in
            let synced = Tally()
            test.server.readiness.add("inventory-sync") { synced.count > 0 ? .ok : .failed("not synchronized") }
            let failing = try await test.get("/readyz", from: test.addresses.health)
            #expect(failing.status == 503)
            #expect(
                failing.text
                    == "[+]ping ok\n[+]shutdown ok\n[-]inventory-sync failed: not synchronized\nreadyz check failed\n")
            synced.add()
            #expect(try await test.get("/readyz", from: test.addresses.health).text == "ok")
            #expect(test.server.readiness.isReady)
        }
    }

    @Test func operationsTakeGetAndHeadOnly() async throws {
        try await TestServer.run { test in
            let port = try #require(test.addresses.health?.port)
            try await onThread {
                let client = try RawClient(port: port)
                try client.send("HEAD /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                let head = try client.response(hasBody: false)
                #expect(head.status == 200)
                #expect(head.headers["content-length"] == "2")
                try client.send("DELETE /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                let refused = try client.response()
                #expect(refused.status == 405)
                #expect(refused.headers["allow"] == "GET, HEAD")
                try client.send("GET /livez HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")
                #expect(try client.response().status == 413)
                #expect(try client.untilClosed().isEmpty)
                let large = try RawClient(port: port)
                try large.send("GET /livez HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "x", count: 9_000))
                #expect(try large.response().status == 431)
            }
        }
    }

    @Test func metricsCountWhatHappened() async throws {
        try await TestServer.run(configure: { $0.version = "1.2\"3\\\n" }) { test in
            for body in ["{}", "deny", "warn", "garbage", "unknown"] {
                _ = try await test.exchange(post("/validate", body))
            }
            _ = try await test.exchange(post("/mutate", "{}"))
            _ = try await test.exchange(post("/nowhere", "{}"))
            _ = try await test.exchange("garbage\r\n\r\n")

            // A request is counted once its response is on the way, which a client may see first.
            let areCounted = try await eventually {
                let samples = try PrometheusText(await test.get("/metrics", from: test.addresses.metrics).text).samples
                let requests = samples.filter { $0.key.hasPrefix("unikorn_region_webhook_http_requests_total{") }
                return requests.values.reduce(0, +) == 8
            }
            #expect(areCounted)
            let response = try await test.get("/metrics", from: test.addresses.metrics)
            #expect(response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let metrics = try PrometheusText(response.text)
            func value(_ sample: String) -> Double? { metrics.samples["unikorn_region_webhook_" + sample] }
            #expect(value(#"build_info{version="1.2\"3\\\n"}"#) == 1)
            #expect(value(#"http_requests_total{code="200",path="/validate"}"#) == 4)
            #expect(value(#"http_requests_total{code="400",path="/validate"}"#) == 1)
            #expect(value(#"http_requests_total{code="200",path="/mutate"}"#) == 1)
            #expect(value(#"http_requests_total{code="404",path="other"}"#) == 1)
            #expect(value(#"http_requests_total{code="400",path="other"}"#) == 1)
            #expect(value(#"decisions_total{allowed="true",operation="CREATE",resource="regions"}"#) == 3)
            #expect(value(#"decisions_total{allowed="false",operation="CREATE",resource="regions"}"#) == 1)
            #expect(value(#"decisions_total{allowed="true",operation="CREATE",resource="other"}"#) == 1)
            #expect(value(#"rule_findings_total{rule="node-id",severity="deny"}"#) == 1)
            #expect(value(#"rule_findings_total{rule="cpu-count-small",severity="warn"}"#) == 1)
            #expect(value(#"http_request_duration_seconds_count{path="/validate"}"#) == 5)
            #expect(value(#"http_request_duration_seconds_bucket{le="+Inf",path="/validate"}"#) == 5)
            #expect(value(#"http_request_body_bytes_total{path="/validate"}"#) == 24)
            #expect(value("connections_accepted_total") == 8)
            #expect(metrics.samples["process_resident_memory_bytes"] ?? 0 > 1_000_000)
            #expect(metrics.samples["process_open_fds"] ?? 0 > 5)
            #expect(metrics.samples["process_start_time_seconds"] ?? 0 > 1_700_000_000)
            #expect(metrics.samples["process_cpu_seconds_total"] ?? -1 >= 0)
            #expect(metrics.samples["process_max_fds"] ?? 0 > 0)
            // No more time series than this, whatever clients send.
            #expect(metrics.samples.count < 120)
        }
    }
}
