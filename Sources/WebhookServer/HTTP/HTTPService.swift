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

/// A complete request, as its service sees it.
struct ServiceRequest {
    let route: Route
    /// `reviewBodyPadding` zero bytes follow it. Valid during the call only.
    let body: UnsafeRawBufferPointer
    /// When the client gives up.
    let deadline: NIODeadline
}

/// What a service makes of a request.
enum ServiceStep {
    /// The response is written.
    case answered
    /// It will be, see `LateAnswer`. The closure is called at once, and nothing was written to the response.
    case later((LateAnswer) -> Void)
}

/// What a listener serves. One per event loop; the connections of a loop share it.
protocol HTTPService: AnyObject {
    /// Looks at a head before any of its body is read. The framing has been checked already.
    func route(_ head: RequestHead) throws(Refusal) -> Route

    /// Answers a complete request, or promises to. `response` has been reset to 200 without a body.
    func answer(_ request: ServiceRequest, response: inout Response) -> ServiceStep

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
