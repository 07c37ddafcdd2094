import KubernetesTypes
import NIOCore

/// Health endpoints and metrics, in plain HTTP.
final class OperationsService: HTTPService {
    /// What a listener offers.
    struct Offer: OptionSet, Sendable {
        let rawValue: Int
        static let health = Offer(rawValue: 1)
        static let metrics = Offer(rawValue: 2)
    }

    /// What an event loop may be busy with before it counts as dead: far longer than any review takes, so that a busy
    /// server is not restarted, which would only make it busier.
    static let maxHeartbeatAge = TimeAmount.seconds(20)

    private let offer: Offer
    private let readiness: ReadinessChecks
    private let heartbeats: [Heartbeat]
    private let metrics: MetricsRegistry

    init(_ offer: Offer, readiness: ReadinessChecks, heartbeats: [Heartbeat], metrics: MetricsRegistry) {
        self.offer = offer
        self.readiness = readiness
        self.heartbeats = heartbeats
        self.metrics = metrics
    }

    func route(_ head: RequestHead) throws(Refusal) -> Route {
        let query = head.query
        let isVerbose = query.map { $0 == "verbose" || $0.hasPrefix("verbose=") } ?? false
        guard let route = route(head.path, isVerbose) else {
            throw Refusal(404, "there is no \(Refusal.quote(head.path)) here; \(served)")
        }
        guard head.method == .get || head.method == .head else {
            throw Refusal(
                405, "the method is \(String(head.methodText)); GET and HEAD are served here", allow: "GET, HEAD")
        }
        return route
    }

    private func route(_ path: Text, _ isVerbose: Bool) -> Route? {
        if offer.contains(.health) {
            if path == "/healthz" { return .healthz(isVerbose: isVerbose) }
            if path == "/livez" { return .livez(isVerbose: isVerbose) }
            if path == "/readyz" { return .readyz(isVerbose: isVerbose) }
        }
        return offer.contains(.metrics) && path == "/metrics" ? .metrics : nil
    }

    private var served: String {
        var paths: [String] = []
        if offer.contains(.health) { paths += ["/healthz", "/livez", "/readyz"] }
        if offer.contains(.metrics) { paths.append("/metrics") }
        return "there is " + paths.joined(separator: ", ")
    }

    func answer(_ request: ServiceRequest, response: inout Response) -> ServiceStep {
        let alive = [(name: "ping", result: ReadinessChecks.Result.ok), (name: "event-loops", result: eventLoops)]
        switch request.route {
        case .healthz(let isVerbose): report("healthz", alive, isVerbose, &response)
        case .livez(let isVerbose): report("livez", alive, isVerbose, &response)
        case .readyz(let isVerbose): report("readyz", [("ping", .ok)] + readiness.run(), isVerbose, &response)
        case .metrics:
            response.contentType = .metrics
            response.body = metrics.render()
        case .review:
            response.set(Refusal(404, "reviews are not served here"))
        }
        return .answered
    }

    /// In the format of the API server's own health endpoints: short when all is well, the list when it is not.
    private func report(
        _ name: String, _ checks: [(name: String, result: ReadinessChecks.Result)], _ isVerbose: Bool,
        _ response: inout Response
    ) {
        response.contentType = .text
        let isHealthy = checks.allSatisfy(\.result.isPassed)
        response.status = isHealthy ? 200 : 503
        var text = ""
        if isVerbose || !isHealthy {
            for (name, result) in checks {
                switch result {
                case .ok: text += "[+]\(name) ok\n"
                case .notice(let notice): text += "[+]\(name) ok, but \(notice)\n"
                case .failed(let reason): text += "[-]\(name) failed: \(reason)\n"
                }
            }
            text += "\(name) check \(isHealthy ? "passed" : "failed")\n"
        } else {
            text = "ok"
        }
        response.body.append(contentsOf: text.utf8)
    }

    private var eventLoops: ReadinessChecks.Result {
        let now = NIODeadline.now()
        let isStuck = heartbeats.contains { $0.age(at: now).map { $0 > Self.maxHeartbeatAge } ?? false }
        return isStuck
            ? .failed("an event loop has done nothing for \(Self.maxHeartbeatAge.nanoseconds / 1_000_000_000) s") : .ok
    }

    // Probes come every few seconds and say nothing new.
    func didAnswer(_ exchange: borrowing Exchange) {}
    func releaseMemory() {}
    func connectionFailed(_ error: any Error, duringHandshake: Bool) {}
}
