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

    package func process(
        _ body: UnsafeRawBufferPointer, endpoint: ReviewEndpoint, response: inout [UInt8]
    ) -> ReviewOutcome {
        do throws(DocumentError) {
            // The bytes after the body that simdjson reads beyond its end.
            let padded = UnsafeRawBufferPointer(start: body.baseAddress, count: body.count + reviewBodyPadding)
            let root = try parser.parse(padded, count: body.count)
            return decide(root, endpoint, &response)
        } catch {
            return ReviewOutcome(status: 400, problem: "the body is not JSON: \(error)")
        }
    }

    private func decide(_ root: Value, _ endpoint: ReviewEndpoint, _ response: inout [UInt8]) -> ReviewOutcome {
        do throws(ReviewError) {
            let review = try AdmissionReview(root)
            let decision = try admission.decide(
                review, endpoint: endpoint == .mutate ? .mutate : .validate, inventory: inventory(), now: Self.now())
            if let reason = decision.unavailable {
                return ReviewOutcome(status: 503, retryAfterSeconds: Self.retryAfterSeconds, problem: reason)
            }
            Answer.write(decision, to: review, into: &response)
            return ReviewOutcome(status: 200, decision: DecisionRecord(decision, review))
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
    init(_ decision: Decision, _ review: AdmissionReview) {
        self.init(
            uid: Self.printable(review.uid), operation: review.operation.rawValue, kind: Self.printable(review.kind),
            resource: Self.printable(review.resource), subresource: Self.printable(review.subresource),
            namespace: Self.printable(review.namespace), name: Self.printable(review.name),
            username: Self.printable(review.username), dryRun: review.isDryRun, allowed: decision.isAllowed,
            code: decision.code, deniedRules: decision.rules(.deny), warnedRules: decision.rules(.warn),
            defaults: decision.defaults.map(\.id.rawValue))
    }

    private static func printable(_ text: Text?) -> String { text.map { String($0) } ?? "" }
}
