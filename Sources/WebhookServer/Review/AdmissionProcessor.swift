package import Admission
import Documents
import Glibc
import KubernetesTypes
package import Policy

/// Decides reviews with the validation core: bytes to review to decision to bytes.
package final class AdmissionProcessor: ReviewProcessor {
    private let admission: Admission
    private let inventory: @Sendable () -> Inventory
    private let parser = JSONParser()

    /// `inventory` gives the present snapshot of the other objects.
    package init(admission: Admission, inventory: @escaping @Sendable () -> Inventory) {
        self.admission = admission
        self.inventory = inventory
    }

    package func process(_ request: ReviewRequest, response: inout [UInt8]) -> ReviewStep {
        do throws(DocumentError) {
            // The bytes after the body that simdjson reads beyond its end.
            let body = request.body
            let padded = UnsafeRawBufferPointer(start: body.baseAddress, count: body.count + reviewBodyPadding)
            let root = try parser.parse(padded, count: body.count)
            return .decided(decide(root, request, &response))
        } catch {
            return .decided(ReviewOutcome(status: 400, problem: "the body is not JSON: \(error)"))
        }
    }

    private func decide(_ root: Value, _ request: ReviewRequest, _ response: inout [UInt8]) -> ReviewOutcome {
        do throws(ReviewError) {
            let review = try AdmissionReview(root)
            let decision = try admission.decide(
                review, endpoint: request.endpoint == .mutate ? .mutate : .validate, inventory: inventory(),
                now: Self.now())
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
