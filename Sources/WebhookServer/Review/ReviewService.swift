import KubernetesTypes
import NIOCore
import TLS

/// `POST /validate` and `POST /mutate`.
final class ReviewService: HTTPService {
    private let processor: any ReviewProcessor
    private let metrics: RequestMetrics
    private let findings: FindingMetrics
    private let log: ReviewLog

    init(processor: any ReviewProcessor, metrics: RequestMetrics, findings: FindingMetrics, log: ReviewLog) {
        self.processor = processor
        self.metrics = metrics
        self.findings = findings
        self.log = log
    }

    func route(_ head: RequestHead) throws(Refusal) -> Route {
        let endpoint: ReviewEndpoint
        let path = head.path
        if path == "/validate" {
            endpoint = .validate
        } else if path == "/mutate" {
            endpoint = .mutate
        } else {
            throw Refusal(404, "there is no \(Refusal.quote(path)); POST a review to /validate or /mutate")
        }
        guard head.method == .post else {
            throw Refusal(405, "the method is \(String(head.methodText)); only POST is served here", allow: "POST")
        }
        guard let type = head.contentType else {
            throw Refusal(415, "there is no Content-Type; send application/json")
        }
        // With parameters or without: the API server sends none, others send a charset.
        guard type.isEqual(ignoringCaseTo: "application/json") || Self.isJSONWithParameters(type) else {
            throw Refusal(415, "the Content-Type is \(Refusal.quote(type)); send application/json")
        }
        if let encoding = head.contentEncoding, !encoding.isEqual(ignoringCaseTo: "identity") {
            throw Refusal(415, "the Content-Encoding is \(Refusal.quote(encoding)); send the body as it is")
        }
        guard head.hasFraming else {
            throw Refusal(411, "there is no body and no Content-Length; POST a review")
        }
        guard head.framing != .empty else { throw Self.emptyBody }
        return .review(endpoint)
    }

    private static func isJSONWithParameters(_ type: Text) -> Bool {
        let end = type.bytes.firstIndex { $0 == 0x3B || $0 == 0x20 || $0 == 0x09 } ?? type.count
        return type.prefix(end).isEqual(ignoringCaseTo: "application/json")
    }

    private static let emptyBody = Refusal(400, "the body is empty; POST a review")

    func answer(_ request: ServiceRequest, response: inout Response) -> ServiceStep {
        guard case .review(let endpoint) = request.route, !request.body.isEmpty else {
            response.set(Self.emptyBody)
            log.problem(Self.emptyBody.message, status: 400)
            return .answered
        }
        let review = self.request(endpoint, request.body, deadline: request.deadline)
        switch processor.process(review, response: &response.body) {
        case .decided(let outcome):
            finish(outcome, response: &response)
            return .answered
        case .later(let start):
            return .later { answer in start(LateReview(answer: answer, service: self, endpoint: endpoint)) }
        }
    }

    func request(_ endpoint: ReviewEndpoint, _ body: UnsafeRawBufferPointer, deadline: NIODeadline) -> ReviewRequest {
        ReviewRequest(endpoint: endpoint, body: body, deadline: deadline, needsSubject: log.logsAllowed)
    }

    /// Completes the response to a decided review, whose body has been written; counts it, and logs what is logged.
    func finish(_ outcome: borrowing ReviewOutcome, response: inout Response) {
        response.status = outcome.status
        response.retryAfterSeconds = outcome.retryAfterSeconds
        if outcome.isShed { metrics.shed.add(at: 0) }
        if let problem = outcome.problem {
            if response.body.isEmpty {
                response.contentType = .text
                response.body.append(contentsOf: problem.utf8)
                response.body.append(0x0A)
            }
            log.problem(problem, status: outcome.status)
        }
        if let decision = outcome.decision {
            metrics.countDecision(decision)
            findings.count(decision)
            log.decision(decision)
        }
    }

    func didAnswer(_ exchange: borrowing Exchange) {
        let isRefused = exchange.refusal != nil
        metrics.countRequest(
            endpoint(of: exchange.route), status: exchange.status, bodyBytes: exchange.bodyBytes,
            nanoseconds: isRefused ? nil : exchange.duration.nanoseconds)
        if let refusal = exchange.refusal {
            if refusal.status == 503 { metrics.shed.add(at: 0) }
            log.problem(refusal.message, status: refusal.status)
        }
    }

    private func endpoint(of route: Route?) -> ReviewEndpoint? {
        if case .review(let endpoint) = route { endpoint } else { nil }
    }

    func releaseMemory() {
        processor.releaseMemory()
    }

    func connectionFailed(_ error: any Error, duringHandshake: Bool) {
        guard let error = error as? TLSError else { return }
        if duringHandshake { metrics.handshakeFailures.add(at: 0) }
        log.tlsFailure(error)
    }
}
