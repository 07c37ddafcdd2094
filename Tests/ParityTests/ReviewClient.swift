import NIOCore
import NIOHTTP1
import NIOPosix
import TLS

/// Posts one body over TLS, on a connection of its own, as the API server does.
struct ReviewClient: Sendable {
    let context: TLSClientContext
    let port: Int

    struct Answer: Sendable {
        var status: Int
        var body: [UInt8]
    }

    func post(_ body: [UInt8], to path: String) async throws -> Answer {
        let context = context
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(30))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(TLSClientHandler(context: context, serverName: "127.0.0.1"))
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(AnswerHandler(channel.eventLoop.makePromise(of: Answer.self)))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        var head = HTTPRequestHead(version: .http1_1, method: .POST, uri: path)
        head.headers.add(name: "Host", value: "unikorn-region-webhook.unikorn-region-webhook.svc:443")
        head.headers.add(name: "Content-Type", value: "application/json")
        head.headers.add(name: "Content-Length", value: String(body.count))
        let request = head
        let answer = try await channel.eventLoop.flatSubmit {
            do {
                let handler = try channel.pipeline.syncOperations.handler(type: AnswerHandler.self)
                let pipeline = channel.pipeline
                pipeline.write(HTTPClientRequestPart.head(request), promise: nil)
                pipeline.write(HTTPClientRequestPart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
                pipeline.writeAndFlush(HTTPClientRequestPart.end(nil), promise: nil)
                return handler.answer.futureResult
            } catch {
                return channel.eventLoop.makeFailedFuture(error)
            }
        }.get()
        try? await channel.close()
        return answer
    }
}

/// Collects the one answer of a connection.
private final class AnswerHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    let answer: EventLoopPromise<ReviewClient.Answer>
    private var collected = ReviewClient.Answer(status: 0, body: [])

    init(_ answer: EventLoopPromise<ReviewClient.Answer>) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): collected.status = Int(head.status.code)
        case .body(let buffer): collected.body.append(contentsOf: buffer.readableBytesView)
        case .end: answer.succeed(collected)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
        context.close(promise: nil)
    }

    /// Also of a connection that never came about: a promise may not be forgotten.
    func handlerRemoved(context: ChannelHandlerContext) { answer.fail(ChannelError.eof) }
}
