import Glibc
import Synchronization
import WebhookServer

/// Decides by what the body says: `deny`, `warn`, `garbage`, `busy`, `unknown`, `slow`, or anything else, which is allowed.
/// The response names the endpoint and the length of the body.
final class TestProcessor: ReviewProcessor {
    /// Shared by the processors of a server.
    final class Journal: Sendable {
        let releases = Tally()
        let reviews = Tally()
        let badPadding = Tally()
        /// The last body over 100 bytes.
        let body = Mutex<[UInt8]>([])
    }

    private let journal: Journal

    init(_ journal: Journal) {
        self.journal = journal
    }

    func process(_ body: UnsafeRawBufferPointer, endpoint: ReviewEndpoint, response: inout [UInt8]) -> ReviewOutcome {
        journal.reviews.add()
        if let start = body.baseAddress {
            let padding = UnsafeRawBufferPointer(start: start + body.count, count: reviewBodyPadding)
            if !padding.allSatisfy({ $0 == 0 }) { journal.badPadding.add() }
        }
        if body.count > 100 { journal.body.withLock { $0 = Array(body) } }
        let text = body.count < 100 ? String(decoding: body, as: UTF8.self) : ""
        response.append(contentsOf: "{\"endpoint\":\"\(endpoint)\",\"length\":\(body.count)}".utf8)
        switch text {
        case "garbage":
            response.removeAll()
            return ReviewOutcome(status: 400, problem: "the body is not an AdmissionReview")
        case "busy":
            return ReviewOutcome(status: 503, retryAfterSeconds: 1, problem: "not synchronized")
        case "slow":
            usleep(200_000)
        default:
            break
        }
        let isDenied = text == "deny"
        let isUnknown = text.hasPrefix("unknown")
        return ReviewOutcome(
            status: 200,
            decision: DecisionRecord(
                uid: "6f0c", operation: "CREATE", kind: isUnknown ? "Pod" : "Region",
                resource: isUnknown ? "pods" : "regions", namespace: "unikorn", name: "a\u{202E}\nb", username: "admin",
                allowed: !isDenied, code: isDenied ? 422 : 200, deniedRules: isDenied ? ["node-id"] : [],
                warnedRules: text == "warn" ? ["node-cpu"] : []))
    }

    func releaseMemory() {
        journal.releases.add()
    }
}
