import Logging
import NIOCore
import NIOHTTP1
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
        if head.hasPath("/validate") {
            endpoint = .validate
        } else if head.hasPath("/mutate") {
            endpoint = .mutate
        } else {
            throw Refusal(404, "there is no \(Refusal.quote(head.path)); POST a review to /validate or /mutate")
        }
        guard head.method == .POST else {
            throw Refusal(405, "the method is \(head.method.rawValue); only POST is served here", allow: "POST")
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

    private static func isJSONWithParameters(_ type: String) -> Bool {
        let end = type.utf8.firstIndex { $0 == 0x3B || $0 == 0x20 || $0 == 0x09 } ?? type.endIndex
        return type[..<end].isEqual(ignoringCaseTo: "application/json")
    }

    private static let emptyBody = Refusal(400, "the body is empty; POST a review")

    func answer(_ route: Route, body: UnsafeRawBufferPointer, response: inout Response) {
        guard case .review(let endpoint) = route, !body.isEmpty else {
            response.set(Self.emptyBody)
            log.problem(Self.emptyBody.message, status: 400)
            return
        }
        let outcome = processor.process(body, endpoint: endpoint, response: &response.body)
        response.status = outcome.status
        response.retryAfterSeconds = outcome.retryAfterSeconds
        if response.body.isEmpty, let problem = outcome.problem {
            response.contentType = .text
            response.body.append(contentsOf: problem.utf8)
            response.body.append(0x0A)
        }
        if let decision = outcome.decision {
            metrics.countDecision(decision)
            findings.count(decision)
            log.decision(decision)
        }
        if let problem = outcome.problem { log.problem(problem, status: outcome.status) }
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
