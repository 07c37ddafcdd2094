package import NIOCore

/// Which of the two webhooks is called.
package enum ReviewEndpoint: Sendable {
    /// `POST /validate`
    case validate
    /// `POST /mutate`
    case mutate
}

/// Decides admission reviews. One per event loop, never shared between threads (it owns a reused parser).
package protocol ReviewProcessor: AnyObject {
    /// Decides one review and appends the HTTP response body (JSON) to `response`, which is empty; or takes its time for
    /// that, and appends nothing yet.
    func process(_ request: ReviewRequest, response: inout [UInt8]) -> ReviewStep

    /// Called after a body over 1 MB, when the server has let go of its own buffers: drop large buffers.
    func releaseMemory()
}

/// One review to decide.
package struct ReviewRequest {
    package let endpoint: ReviewEndpoint
    /// `reviewBodyPadding` zero bytes follow it. The memory is valid during the call only.
    package let body: UnsafeRawBufferPointer
    /// When the API server gives up, from the `timeout` of the query (`ServerLimits.defaultAnswerTimeout` without one).
    /// An answer after it reaches nobody.
    package let deadline: NIODeadline
    /// Every decision is logged, so that its record must have a subject. Otherwise only those that refuse are.
    package let needsSubject: Bool

    package init(
        endpoint: ReviewEndpoint, body: UnsafeRawBufferPointer, deadline: NIODeadline, needsSubject: Bool = false
    ) {
        self.endpoint = endpoint
        self.body = body
        self.deadline = deadline
        self.needsSubject = needsSubject
    }
}

/// Readable bytes after the body given to a `ReviewProcessor`. Their value is zero.
package let reviewBodyPadding = 64

/// What a processor makes of a review.
package enum ReviewStep {
    /// It is decided.
    case decided(ReviewOutcome)
    /// It has to wait for something, such as an answer of the API server. The server calls the closure at once, on the
    /// event loop; it starts what has to be done and returns without waiting. See `LateReview`.
    case later((LateReview) -> Void)
}

/// A review that is decided later. Used on its event loop only, where whatever is waited for has to come back to:
///
/// ```
/// return .later { review in
///     let promise = review.eventLoop.makePromise(of: Claims.self)
///     let task = promise.completeWithTask { try await client.claim(ids) }
///     review.onCancel { task.cancel() }
///     promise.futureResult.assumeIsolated().whenComplete { result in
///         review.complete { request, response in self.decide(request, result, &response) }
///     }
/// }
/// ```
///
/// Until it ends its connection reads nothing more, the next request of a pipelining client waits, its body counts among
/// the bytes in flight, and a server that is shut down waits for it. It ends once: by `complete`; at the deadline, when
/// the server answers 503 with Retry-After; or when the connection is closed. After that it is as good as forgotten.
package struct LateReview {
    let answer: LateAnswer
    let service: ReviewService
    let endpoint: ReviewEndpoint

    package var eventLoop: any EventLoop { answer.eventLoop }
    /// As in `ReviewRequest`.
    package var deadline: NIODeadline { answer.deadline }
    /// Somebody still waits for the answer.
    package var isOpen: Bool { answer.isOpen }

    /// Answers. `decide` is called at once with the review as it was, its body included, to be parsed again, and appends
    /// the response body to an empty array. If nobody waits any more it is not called, and the result is false.
    @discardableResult
    package func complete(_ decide: (ReviewRequest, inout [UInt8]) -> ReviewOutcome) -> Bool {
        answer.complete { body, response in
            let request = service.request(endpoint, body, deadline: answer.deadline)
            service.finish(decide(request, &response.body), response: &response)
        }
    }

    /// Has something done, once, if the review ends in another way than by `complete`; at once if it has.
    package func onCancel(_ action: @escaping () -> Void) {
        answer.onCancel(action)
    }
}

/// What became of one review.
package struct ReviewOutcome: Sendable {
    /// The HTTP status; 200 whenever the review was decided, either way.
    package var status: Int
    /// Sent as `Retry-After`; for 429 and 503.
    package var retryAfterSeconds: Int?
    /// It was turned away because others take the memory for it.
    package var isShed = false
    /// What was decided, if it was.
    package var decision: DecisionRecord?
    /// For a 4xx: what was wrong, for the log. Without a response body it is also what the client is told.
    package var problem: String?

    package init(
        status: Int, retryAfterSeconds: Int? = nil, isShed: Bool = false, decision: DecisionRecord? = nil,
        problem: String? = nil
    ) {
        self.status = status
        self.isShed = isShed
        self.retryAfterSeconds = retryAfterSeconds
        self.decision = decision
        self.problem = problem
    }
}
