import Policy
import TLS

/// What the server itself contributes to `/metrics`.
struct ServerMetrics: Sendable {
    let loops: [RequestMetrics]
    let findings: FindingMetrics
    let gate: ConnectionGate
    let budget: MemoryBudget
    let tls: TLSServerContextProvider?
    let version: String

    private func total(_ counter: (RequestMetrics) -> Int) -> Int {
        loops.reduce(0) { $0 + counter($1) }
    }

    func collect(into text: inout MetricsText) {
        let prefix = MetricsRegistry.prefix
        text.family(prefix + "build_info", .gauge, "Always 1; the version is a label.")
        text.sample(prefix + "build_info", 1, [("version", version)])
        collectRequests(into: &text)
        collectDurations(into: &text)
        collectDecisions(into: &text)

        single(&text, "connections_open", .gauge, "Connections that are open.", gate.open)
        single(&text, "connections_accepted_total", .counter, "Connections accepted.", gate.accepted)
        single(&text, "connections_refused_total", .counter, "Connections closed for being too many.", gate.refused)
        single(&text, "accept_failures_total", .counter, "Connections that could not be accepted.", gate.failed)
        single(
            &text, "tls_handshake_failures_total", .counter,
            "TLS handshakes that failed, connections that were closed before it among them.",
            total { $0.handshakeFailures[0] })
        single(&text, "body_bytes_in_flight", .gauge, "Bytes held of bodies that are not complete.", budget.bytes)
        single(
            &text, "requests_shed_total", .counter, "Requests turned away because others took the memory for them.",
            total { $0.shed[0] })
        if let tls {
            single(
                &text, "tls_certificate_expiry_timestamp_seconds", .gauge,
                "Last second of the certificate's validity, since 1970.", Int(tls.current.certificate.notAfter))
        }
    }

    private func single(
        _ text: inout MetricsText, _ name: String, _ kind: MetricsText.Kind, _ help: String, _ value: Int
    ) {
        text.family(MetricsRegistry.prefix + name, kind, help)
        text.sample(MetricsRegistry.prefix + name, value)
    }

    private func collectRequests(into text: inout MetricsText) {
        let requests = MetricsRegistry.prefix + "http_requests_total"
        text.family(requests, .counter, "Requests by path and HTTP status.")
        let statuses = RequestMetrics.statuses.map(String.init) + ["other"]
        for (path, pathName) in RequestMetrics.paths.enumerated() {
            for (status, statusName) in statuses.enumerated() {
                let count = total { $0.requests[path * statuses.count + status] }
                // What never happened is left out, apart from what everybody looks for.
                guard count > 0 || status == 0 && pathName != "other" else { continue }
                text.sample(requests, count, [("path", pathName), ("code", statusName)])
            }
        }
        let bytes = MetricsRegistry.prefix + "http_request_body_bytes_total"
        text.family(bytes, .counter, "Bytes of the bodies that were read.")
        for (path, pathName) in RequestMetrics.paths.enumerated() {
            text.sample(bytes, total { $0.bodyBytes[path] }, [("path", pathName)])
        }
    }

    private func collectDurations(into text: inout MetricsText) {
        let name = MetricsRegistry.prefix + "http_request_duration_seconds"
        text.family(name, .histogram, "From the complete head of a request to its response.")
        for (path, pathName) in RequestMetrics.paths.prefix(2).enumerated() {
            var count = 0
            for (index, bound) in Histogram.bounds.enumerated() {
                count += total { $0.durations[path].count(at: index) }
                text.sample(name + "_bucket", count, [("path", pathName), ("le", Self.seconds(bound))])
            }
            count += total { $0.durations[path].count(at: Histogram.bounds.count) }
            text.sample(name + "_bucket", count, [("path", pathName), ("le", "+Inf")])
            text.sample(name + "_sum", Double(total { $0.durations[path].sum }) / 1e9, [("path", pathName)])
            text.sample(name + "_count", count, [("path", pathName)])
        }
    }

    private static func seconds(_ nanoseconds: Int64) -> String {
        nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000)" : "\(Double(nanoseconds) / 1e9)"
    }

    private func collectDecisions(into text: inout MetricsText) {
        let name = MetricsRegistry.prefix + "decisions_total"
        text.family(name, .counter, "Reviews decided.")
        let operations = RequestMetrics.operations
        for (resource, resourceName) in (loops.first?.resources ?? []).enumerated() {
            for (operation, operationName) in operations.enumerated() {
                for allowed in 0...1 {
                    let count = total { $0.decisions[(resource * operations.count + operation) * 2 + allowed] }
                    guard count > 0 else { continue }
                    let labels = [
                        (name: "resource", value: resourceName), (name: "operation", value: operationName.rawValue),
                        (name: "allowed", value: allowed == 1 ? "true" : "false"),
                    ]
                    text.sample(name, count, labels)
                }
            }
        }
        let findings = MetricsRegistry.prefix + "rule_findings_total"
        text.family(findings, .counter, "Findings of rules, and defaults that were set.")
        for (key, count) in self.findings.all {
            text.sample(findings, count, [("rule", key.rule), ("severity", key.severity)])
        }
    }
}
