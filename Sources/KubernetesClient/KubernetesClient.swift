package import NIOCore
import NIOHTTP1
import Synchronization

/// A client of one Kubernetes API server: HTTP/1.1 over TLS, by SwiftNIO.
///
/// `send` is asynchronous and may be called from any task; connections, parsing and timers live on one event loop of their
/// own, so that nothing here holds up a loop that answers reviews. A webhook bridges with a task whose result it hands to
/// its own loop. A cancelled task ends its request at once.
///
/// - Nothing is retried but what is safe: a request of which nothing was written, a GET whose kept-alive connection had
///   been closed by the server, and, once, a request that was refused with 401 after the token's file has changed. A 429
///   or 503 with `retryAfterSeconds` is the caller's to wait for.
/// - Redirects are not followed, proxies are not used, responses are asked for uncompressed.
/// - Errors and logs hold no token, key or content of an object.
package final class KubernetesClient: Sendable {
    package let configuration: ClientConfiguration
    private let pool: ConnectionPool
    private let userAgent: String
    private let isShutDown = Atomic(false)

    /// `eventLoop` must outlive the client. The version goes into the User-Agent.
    package convenience init(
        _ configuration: ClientConfiguration, eventLoop: any EventLoop, version: String = "unknown"
    ) {
        self.init(configuration, eventLoop: eventLoop, version: version, limits: .init())
    }

    init(
        _ configuration: ClientConfiguration, eventLoop: any EventLoop, version: String,
        limits: ConnectionPool.Limits, filesAge: TimeAmount = ClientTLS.maximumAge
    ) {
        self.configuration = configuration
        pool = ConnectionPool(
            eventLoop: eventLoop, endpoint: configuration.endpoint,
            tls: ClientTLS(configuration, maximumAge: filesAge), limits: limits)
        userAgent = "unikorn-region-webhook/\(version)"
    }

    package var eventLoop: any EventLoop { pool.eventLoop }

    /// Sends a request and collects the whole answer, of up to 16 MiB.
    ///
    /// Throws for every status but 2xx; see `KubernetesError.isOutcomeUnknown` for what may have happened all the same.
    package func send(_ request: KubernetesRequest) async throws(KubernetesError) -> KubernetesResponse {
        let collector = try await perform(request) { BodyCollector(hiding: $0) }
        return KubernetesResponse(status: collector.status, body: collector.body)
    }

    /// Fails what is under way and closes all connections. Nothing can be sent after that.
    package func shutDown() async {
        isShutDown.store(true, ordering: .sequentiallyConsistent)
        await withCheckedContinuation { continuation in
            pool.eventLoop.execute { [pool] in
                pool.shutDown()
                continuation.resume()
            }
        }
    }

    /// Sends a request; its response goes to a receiver, made anew should the request be sent again.
    func perform<Receiver: ResponseReceiver>(
        _ request: KubernetesRequest, isDedicated: Bool = false,
        _ makeReceiver: @Sendable (_ secret: String?) -> sending Receiver
    ) async throws(KubernetesError) -> sending Receiver {
        let deadline = NIODeadline.now() + request.timeout
        let token = try configuration.token?.current()
        let receiver = makeReceiver(token)
        let error: KubernetesError
        switch await run(request, token, receiver, isDedicated, deadline) {
        case .success: return receiver
        case .failure(let failure): error = failure
        }
        // The kubelet may have replaced the token a moment ago. Nothing was done under the old one.
        guard error.status?.code == 401, let source = configuration.token else { throw error }
        source.expire()
        guard let newToken = try? source.current(), newToken != token else { throw error }
        let second = makeReceiver(newToken)
        switch await run(request, newToken, second, isDedicated, deadline) {
        case .success: return second
        case .failure(let failure): throw failure
        }
    }

    private func run(
        _ request: KubernetesRequest, _ token: String?, _ receiver: ResponseReceiver, _ isDedicated: Bool,
        _ deadline: NIODeadline
    ) async -> Result<Void, KubernetesError> {
        if isShutDown.load(ordering: .sequentiallyConsistent) { return .failure(KubernetesError(.shutDown)) }
        let exchange = Exchange(
            head: head(of: request, token), body: request.body, receiver: receiver, isSafe: request.isSafe,
            isDedicated: isDedicated, deadline: deadline)
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                pool.eventLoop.execute { [pool] in
                    exchange.whenComplete { continuation.resume() }
                    pool.start(exchange)
                }
            }
        } onCancel: {
            pool.eventLoop.execute { [pool] in pool.abandon(exchange, .cancelled) }
        }
        return exchange.result
    }

    private func head(of request: KubernetesRequest, _ token: String?) -> HTTPRequestHead {
        let endpoint = configuration.endpoint
        var head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue),
            uri: request.target(below: endpoint.basePath))
        head.headers.add(name: "Host", value: endpoint.authority)
        head.headers.add(name: "User-Agent", value: userAgent)
        head.headers.add(name: "Accept", value: "application/json")
        if let token { head.headers.add(name: "Authorization", value: "Bearer \(token)") }
        if let body = request.body {
            head.headers.add(name: "Content-Type", value: request.contentType.rawValue)
            head.headers.add(name: "Content-Length", value: String(body.count))
        }
        return head
    }
}
