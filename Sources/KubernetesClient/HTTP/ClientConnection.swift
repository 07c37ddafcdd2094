import NIOCore
import NIOHTTP1
import TLS

/// One connection to the API server: last handler of its channel, confined to its event loop.
///
/// Requests follow one another on it, never overlapping.
final class ClientConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// What it was made with.
    let tls: TLSClientContext
    private let connected: EventLoopPromise<Void>
    private var channel: (any Channel)?
    private var exchange: Exchange?
    private var isReady = false
    private var failure: KubernetesError?
    /// The response's head said that the connection stays.
    private var isKeptAlive = false
    /// Requests that were completed on it.
    private(set) var uses = 0
    /// Closes it when nobody has used it for long.
    var idleTimer: Scheduled<Void>?
    private var isClosing = false
    /// Called when an exchange has ended and another may follow.
    var whenFree: (() -> Void)?
    /// Called with an exchange that the connection is lost with; without it the exchange fails.
    var whenLost: ((Exchange, KubernetesError) -> Void)?
    /// Called once, when the connection is gone.
    var whenClosed: (() -> Void)?

    /// `connected` is completed after the TLS handshake.
    init(_ tls: TLSClientContext, connected: EventLoopPromise<Void>) {
        self.tls = tls
        self.connected = connected
    }

    /// Sends a request; its exchange is finished when the response has ended.
    func run(_ exchange: Exchange) {
        guard let channel, isUsable, self.exchange == nil else {
            return exchange.finish(.failure(KubernetesError(.connection("the connection was closed"))))
        }
        self.exchange = exchange
        exchange.phase = .running(self)
        exchange.wasWritten = true
        isKeptAlive = false
        channel.write(HTTPClientRequestPart.head(exchange.head), promise: nil)
        if let body = exchange.body {
            channel.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
        }
        channel.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
    }

    /// Closes; nobody is told but `whenClosed`.
    func close() {
        exchange = nil
        isClosing = true
        channel?.close(mode: .all, promise: nil)
    }

    /// Closes, and ends the exchange that is under way.
    func abort(_ kind: KubernetesError.Kind) {
        if let exchange { exchange.giveUp(kind) } else { close() }
    }

    /// A request may be sent on it. While a closing TLS connection waits for its peer, it no longer is.
    var isUsable: Bool { !isClosing && channel?.isActive == true }

    /// No request is under way on it.
    var isFree: Bool { exchange == nil }

    // MARK: Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        channel = context.channel
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is TLSHandshakeCompleted, !isReady {
            isReady = true
            connected.succeed(())
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let exchange else {
            // Bytes nobody asked for: the next answer could be taken for that of another request.
            context.close(promise: nil)
            return
        }
        do throws(KubernetesError) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                exchange.hasResponse = true
                isKeptAlive = head.isKeepAlive
                try exchange.receiver.receive(head)
            case .body(let part): try exchange.receiver.receive(part)
            case .end: end(exchange)
            }
        } catch {
            close()
            exchange.finish(.failure(error))
        }
    }

    private func end(_ exchange: Exchange) {
        self.exchange = nil
        uses += 1
        let result: Result<Void, KubernetesError>
        do throws(KubernetesError) {
            try exchange.receiver.end()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        // Free before the exchange's owner hears of it: the next request may come at once.
        if isKeptAlive, !exchange.isDedicated { whenFree?() } else { close() }
        exchange.finish(result)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        exchange?.receiver.pause()
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if failure == nil { failure = Self.failure(error, hasExchange: exchange != nil) }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        channel = nil
        let failure = failure ?? KubernetesError(.connection("the API server closed the connection"))
        if !isReady { connected.fail(failure) }
        if let exchange {
            self.exchange = nil
            fail(exchange, failure)
        }
        idleTimer?.cancel()
        whenClosed?()
        (whenFree, whenLost, whenClosed) = (nil, nil, nil)
        context.fireChannelInactive()
    }

    private func fail(_ exchange: Exchange, _ failure: KubernetesError) {
        let failure = KubernetesError(failure.kind, isOutcomeUnknown: !exchange.isSafe)
        if let whenLost { whenLost(exchange, failure) } else { exchange.finish(.failure(failure)) }
    }

    private static func failure(_ error: any Error, hasExchange: Bool) -> KubernetesError {
        switch error {
        case let error as TLSError: KubernetesError(.tls(error.description))
        // The end of the stream in the middle of an answer.
        case HTTPParserError.invalidEOFState:
            KubernetesError(.connection("the connection was closed in the middle of an answer"))
        case is HTTPParserError: KubernetesError(.invalidResponse("it is no HTTP/1.1"))
        case let error as IOError: KubernetesError(.connection("the connection was lost: \(error.description)"))
        default: KubernetesError(.connection("the connection was lost"))
        }
    }
}
