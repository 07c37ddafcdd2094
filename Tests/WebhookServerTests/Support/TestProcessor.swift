import Glibc
import KubernetesTypes
import NIOCore
import Policy
import Synchronization
import WebhookServer

/// Decides by what the body says: `deny`, `warn`, `garbage`, `busy`, `unknown`, `slow`, or anything else, which is allowed.
/// The answer to `long` has `longBytes` bytes.
/// `later N` is allowed after N ms, `later twice` is completed twice, `later at once` before the call returns, and
/// `later never` not at all. The response names the endpoint and the length of the body.
final class TestProcessor: ReviewProcessor {
    /// Shared by the processors of a server.
    final class Journal: Sendable {
        let releases = Tally()
        let reviews = Tally()
        let badPadding = Tally()
        /// Of reviews that are decided later.
        let begun = Tally()
        let completed = Tally()
        let cancelled = Tally()
        /// Completions that came too late.
        let refused = Tally()
        /// Until the deadline of the last review.
        let patience = Mutex(Duration.zero)
        /// The last body over 100 bytes.
        let body = Mutex<[UInt8]>([])
    }

    /// More than a socket takes while nobody reads: Linux lets one grow to 4 MiB by itself.
    static let longBytes = 16 * 1_024 * 1_024

    private let journal: Journal

    init(_ journal: Journal) {
        self.journal = journal
    }

    func process(_ request: ReviewRequest, response: inout [UInt8]) -> ReviewStep {
        journal.reviews.add()
        journal.patience.withLock { $0 = .nanoseconds((request.deadline - .now()).nanoseconds) }
        let text = Self.text(request)
        guard text.hasPrefix("later ") else { return .decided(decide(request, &response)) }
        return .later { review in
            self.journal.begun.add()
            review.onCancel { self.journal.cancelled.add() }
            switch text.dropFirst(6) {
            case "at once": self.complete(review)
            case "never": break
            case "twice":
                self.complete(review)
                self.complete(review)
            default:
                let delay = TimeAmount.milliseconds(Int64(text.dropFirst(6).prefix { $0 != " " }) ?? 0)
                review.eventLoop.assumeIsolated().scheduleTask(in: delay) { self.complete(review) }
            }
        }
    }

    private func complete(_ review: LateReview) {
        let isWanted = review.complete { request, response in self.decide(request, &response) }
        (isWanted ? journal.completed : journal.refused).add()
    }

    private static func text(_ request: ReviewRequest) -> String {
        request.body.count < 100 ? String(decoding: request.body, as: UTF8.self) : ""
    }

    private func decide(_ request: ReviewRequest, _ response: inout [UInt8]) -> ReviewOutcome {
        let body = request.body
        if let start = body.baseAddress {
            let padding = UnsafeRawBufferPointer(start: start + body.count, count: reviewBodyPadding)
            if !padding.allSatisfy({ $0 == 0 }) { journal.badPadding.add() }
        }
        if body.count > 100 { journal.body.withLock { $0 = Array(body) } }
        let text = Self.text(request)
        response.append(contentsOf: "{\"endpoint\":\"\(request.endpoint)\",\"length\":\(body.count)}".utf8)
        switch text {
        case "garbage":
            response.removeAll()
            return ReviewOutcome(status: 400, problem: "the body is not an AdmissionReview")
        case "busy":
            return ReviewOutcome(status: 503, retryAfterSeconds: 1, problem: "not synchronized")
        case "slow":
            usleep(200_000)
        case "long":
            // Made at once, where appending them one by one takes longer than a client waits.
            let blanks = [UInt8](repeating: 0x20, count: Self.longBytes - response.count)
            response.append(contentsOf: blanks)
        default:
            break
        }
        let isDenied = text == "deny"
        let isUnknown = text.hasPrefix("unknown")
        return ReviewOutcome(
            status: 200,
            decision: DecisionRecord(
                operation: .create, resource: isUnknown ? "pods" : "regions", allowed: !isDenied,
                code: isDenied ? 422 : 200, deniedRules: isDenied ? [.nodeID] : [],
                warnedRules: text == "warn" ? [.cpuCountSmall] : [],
                subject: ReviewSubject(
                    uid: "6f0c", kind: isUnknown ? "Pod" : "Region", namespace: "unikorn", name: "a\u{202E}\nb",
                    username: "admin")))
    }

    func releaseMemory() {
        journal.releases.add()
    }
}
