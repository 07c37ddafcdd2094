package import Admission
import Documents
import Glibc
import KubernetesTypes
package import NIOCore
package import Policy

/// Finds out, before the deadline, what a review has to know and only a cluster can tell.
package typealias FactFinder = @Sendable (AdmissionInquiry, NIODeadline) async -> Facts

/// Decides reviews with the validation core: bytes to review to decision to bytes.
package final class AdmissionProcessor: ReviewProcessor {
    private let admission: Admission
    private let inventory: @Sendable () -> Inventory
    private let findFacts: FactFinder?
    private let parsing: MemoryBudget
    let parser = JSONParser(emptying: AdmissionReview.unread)

    /// `parsing` is the memory of the parsers of all event loops (`ServerLimits.maxParsingBytes`). `inventory` gives the present
    /// snapshot of the other objects. `findFacts` is called, off the event loop, for the few reviews that have to ask; without
    /// it none does.
    package init(
        admission: Admission, parsing: MemoryBudget, inventory: @escaping @Sendable () -> Inventory,
        findFacts: FactFinder? = nil
    ) {
        self.admission = admission
        self.parsing = parsing
        self.inventory = inventory
        self.findFacts = findFacts
    }

    package func process(_ request: ReviewRequest, response: inout [UInt8]) -> ReviewStep {
        var inquiry: AdmissionInquiry?
        let outcome = decide(request, facts: nil, &inquiry, &response)
        guard let inquiry, let findFacts else { return .decided(outcome) }
        return .later { review in
            let deadline = review.deadline
            let promise = review.eventLoop.makePromise(of: Facts.self)
            promise.completeWithTask { await findFacts(inquiry, deadline) }
            // A claim that nobody waits for any more is carried to its end: half of one would only hold others up.
            promise.futureResult.assumeIsolated().whenSuccess { facts in
                review.complete { request, response in
                    var none: AdmissionInquiry?
                    return self.decide(request, facts: facts, &none, &response)
                }
            }
        }
    }

    /// Decides, or says what has to be asked first: then nothing is written.
    private func decide(
        _ request: ReviewRequest, facts: Facts?, _ inquiry: inout AdmissionInquiry?, _ response: inout [UInt8]
    ) -> ReviewOutcome {
        guard request.body.count > Self.ordinaryBody else { return parse(request, facts, &inquiry, &response) }
        let memory = JSONParser.memory(for: request.body)
        guard memory <= parsing.limit else {
            return ReviewOutcome(
                status: 413, problem: "the body takes \(memory) bytes to be parsed; it may take \(parsing.limit)")
        }
        guard parsing.take(memory) else {
            return ReviewOutcome(
                status: 503, retryAfterSeconds: Self.retryAfterSeconds, isShed: true,
                problem: "the body takes \(memory) bytes to be parsed; others take \(parsing.bytes) of \(parsing.limit)"
            )
        }
        defer {
            // Not left to `releaseMemory`, which follows a body of over 1 MB, and not at once.
            if memory > Self.keptMemory { parser.release() }
            parsing.giveBack(memory)
        }
        return parse(request, facts, &inquiry, &response)
    }

    /// Bodies up to this size take what one event loop may take at any time, 3 MB at the most.
    private static let ordinaryBody = 128 * 1_024
    /// What a parser may keep between two reviews.
    private static let keptMemory = 2 * 1_024 * 1_024

    private func parse(
        _ request: ReviewRequest, _ facts: Facts?, _ inquiry: inout AdmissionInquiry?, _ response: inout [UInt8]
    ) -> ReviewOutcome {
        do throws(DocumentError) {
            // The bytes after the body that simdjson reads beyond its end.
            let body = request.body
            let padded = UnsafeRawBufferPointer(start: body.baseAddress, count: body.count + reviewBodyPadding)
            let root = try parser.parse(padded, count: body.count)
            return decide(root, request, facts, &inquiry, &response)
        } catch {
            return ReviewOutcome(status: 400, problem: "the body is not JSON: \(error)")
        }
    }

    private func decide(
        _ root: Value, _ request: ReviewRequest, _ facts: Facts?, _ inquiry: inout AdmissionInquiry?,
        _ response: inout [UInt8]
    ) -> ReviewOutcome {
        do throws(ReviewError) {
            let review = try AdmissionReview(root)
            let endpoint: Endpoint = request.endpoint == .mutate ? .mutate : .validate
            let decision = try admission.decide(
                review, endpoint: endpoint, inventory: inventory(), now: Self.now(), facts: facts)
            if facts == nil, findFacts != nil {
                inquiry = admission.inquiry(review, endpoint: endpoint, after: decision)
                if inquiry != nil { return ReviewOutcome(status: 200) }
            }
            if let reason = decision.unavailable {
                return ReviewOutcome(status: 503, retryAfterSeconds: Self.retryAfterSeconds, problem: reason)
            }
            Answer.write(decision, to: review, into: &response)
            return ReviewOutcome(status: 200, decision: DecisionRecord(decision, review, request.needsSubject))
        } catch {
            return ReviewOutcome(status: 400, problem: PrintableText.escaped(error.description, limit: 256))
        }
    }

    /// As soon as the API server can be told to: what is not known yet is known soon.
    private static let retryAfterSeconds = 1

    package func releaseMemory() { parser.release() }

    /// Seconds since 1970. Only certificates are judged by it.
    private static func now() -> Int64 { Int64(time(nil)) }
}

extension DecisionRecord {
    fileprivate init(_ decision: Decision, _ review: AdmissionReview, _ needsSubject: Bool) {
        let isLogged = needsSubject || !decision.isAllowed || decision.isUnknownKind
        self.init(
            operation: review.operation, resource: resourceName(review.resource), allowed: decision.isAllowed,
            code: decision.code, deniedRules: decision.isAllowed ? [] : decision.rules(.deny),
            warnedRules: decision.findings.isEmpty ? [] : decision.rules(.warn),
            defaults: decision.defaults.map(\.id), subject: isLogged ? ReviewSubject(review) : nil)
    }
}

extension ReviewSubject {
    fileprivate init(_ review: AdmissionReview) {
        self.init(
            uid: printable(review.uid), kind: printable(review.kind), subresource: printable(review.subresource),
            namespace: printable(review.namespace), name: printable(review.name),
            username: printable(review.username), dryRun: review.isDryRun)
    }
}

/// Of most reviews one of two, for which no string has to be made.
private func resourceName(_ text: Text?) -> String {
    guard let text else { return "" }
    return text == "regions" ? "regions" : text == "nodes" ? "nodes" : String(text)
}

private func printable(_ text: Text?) -> String { text.map { String($0) } ?? "" }
