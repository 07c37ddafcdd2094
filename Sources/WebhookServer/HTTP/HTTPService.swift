import NIOCore

/// What a request asks for. One list for all services, so that what is behind a connection needs no generics, which the
/// compiler could not specialize for a class.
enum Route: Equatable {
    /// `/validate` and `/mutate`.
    case review(ReviewEndpoint)
    /// `/healthz`, and `/livez`: the process should not be restarted.
    case healthz(isVerbose: Bool)
    case livez(isVerbose: Bool)
    /// `/readyz`: requests should be sent here.
    case readyz(isVerbose: Bool)
    /// `/metrics`
    case metrics
}

/// What a listener serves. One per event loop; the connections of a loop share it.
protocol HTTPService: AnyObject {
    /// Looks at a head before any of its body is read. The framing has been checked already.
    func route(_ head: RequestHead) throws(Refusal) -> Route

    /// Answers a complete request. `response` has been reset to 200 without a body.
    ///
    /// After the bytes of `body` there are `reviewBodyPadding` zero bytes.
    func answer(_ route: Route, body: UnsafeRawBufferPointer, response: inout Response)

    /// A response is on its way.
    func didAnswer(_ exchange: borrowing Exchange)

    /// The buffers of a body over `ServerLimits.largeBodyBytes` have been let go of.
    func releaseMemory()

    /// The connection is lost, to TLS or to the network.
    func connectionFailed(_ error: any Error, duringHandshake: Bool)
}

/// A request and its response, as far as they are counted and logged.
struct Exchange {
    /// Nothing if the request was refused before it was known what it asks for.
    var route: Route?
    var status: Int
    /// Bytes of the body that was read.
    var bodyBytes: Int
    /// From the complete head to the response.
    var duration: TimeAmount
    /// Why the request was refused, if it was.
    var refusal: Refusal?
}

/// A response in the making. Reused, so that its memory is.
struct Response {
    enum ContentType {
        case json
        case text
        /// The text format of Prometheus, version 0.0.4.
        case metrics
    }

    var status = 200
    var contentType = ContentType.json
    var allow: String?
    var retryAfterSeconds: Int?
    var body: [UInt8] = []

    /// Far more than an ordinary answer; a patch of a large object may take more, but not for good.
    private static let retainedCapacity = 64 * 1_024

    mutating func reset() {
        status = 200
        contentType = .json
        allow = nil
        retryAfterSeconds = nil
        body.removeAll(keepingCapacity: body.capacity <= Self.retainedCapacity)
    }

    mutating func set(_ refusal: Refusal) {
        status = refusal.status
        contentType = .text
        allow = refusal.allow
        retryAfterSeconds = refusal.retryAfterSeconds
        body.removeAll(keepingCapacity: true)
        body.append(contentsOf: refusal.message.utf8)
        body.append(0x0A)
    }
}
