import Foundation

import NIOCore
import NIOHTTP1
import Synchronization

/// One connection of the scripted API server.
final class APIConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: TestAPIServer
    private var head: HTTPRequestHead?
    private var body = Data()
    private var watch: APIWatch?

    init(server: TestAPIServer) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = Data()
        case .body(let part): body.append(contentsOf: part.readableBytesView)
        case .end:
            guard let head else { return }
            let headers = Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            answer(
                APIRequest(method: head.method.rawValue, uri: head.uri, headers: headers, body: body), context.channel)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let watch { server.ended(watch) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func answer(_ request: APIRequest, _ channel: any Channel) {
        switch server.fault(for: request) {
        case nil: truth(request, channel)
        case .answer(let status, let headers, let body):
            var answer = APIAnswer(status: status, contentType: "text/html", body: Data(body.utf8))
            answer.headers = headers
            Self.send(answer, channel)
        case .status(let code, let reason, let seconds):
            Self.send(.status(code, reason, "scripted: \(reason)", retryAfterSeconds: seconds), channel)
        case .close: channel.close(mode: .all, promise: nil)
        case .executeAndClose:
            _ = server.answer(request)
            channel.close(mode: .all, promise: nil)
        case .truncated(let count):
            let answer = server.answer(request)
            Self.sendHead(answer, channel)
            channel.writeAndFlush(Self.part(answer.body.prefix(count))).whenComplete { _ in
                channel.close(mode: .all, promise: nil)
            }
        case .slow(let bytes, let milliseconds):
            let answer = server.answer(request)
            Self.sendHead(answer, channel)
            Self.trickle(answer.body, bytes, milliseconds, channel)
        case .hang: break
        case .delayed(let milliseconds):
            channel.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { [server] in
                // A watch that is delayed is not needed by any test.
                Self.send(server.answer(request), channel)
            }
        }
    }

    private func truth(_ request: APIRequest, _ channel: any Channel) {
        guard request.isWatch else { return Self.send(server.answer(request), channel) }
        let watch = APIWatch(channel: channel, server: server)
        self.watch = watch
        if let refusal = server.beginWatch(request, watch) { Self.send(refusal, channel) }
        if let seconds = request.query["timeoutSeconds"].flatMap({ Int64($0) }) {
            channel.eventLoop.scheduleTask(in: .seconds(seconds)) { watch.end(.end) }
        }
    }

    static func part(_ data: some Sequence<UInt8>) -> HTTPServerResponsePart {
        .body(.byteBuffer(ByteBuffer(bytes: data)))
    }

    static func sendHead(_ answer: APIAnswer, _ channel: any Channel) {
        var head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: answer.status))
        head.headers.add(name: "Content-Type", value: answer.contentType)
        head.headers.add(name: "Content-Length", value: String(answer.body.count))
        for (name, value) in answer.headers { head.headers.add(name: name, value: value) }
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
    }

    static func send(_ answer: APIAnswer, _ channel: any Channel) {
        sendHead(answer, channel)
        channel.write(part(answer.body), promise: nil)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    }

    private static func trickle(_ body: Data, _ bytes: Int, _ milliseconds: Int64, _ channel: any Channel) {
        guard !body.isEmpty else { return channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil) }
        channel.writeAndFlush(part(body.prefix(bytes)), promise: nil)
        let rest = Data(body.dropFirst(bytes))
        channel.eventLoop.scheduleTask(in: .milliseconds(milliseconds)) { trickle(rest, bytes, milliseconds, channel) }
    }
}

/// One watch that is open. Its server's lock guards it.
final class APIWatch: @unchecked Sendable {
    private let channel: any Channel
    private unowned let server: TestAPIServer
    private var target: APIRequest.Target?
    private var selector: (([String: Any]) -> Bool)?
    private var version = 0
    private let isOver = Mutex(false)

    init(channel: any Channel, server: TestAPIServer) {
        self.channel = channel
        self.server = server
    }

    func begin() {
        var head = HTTPResponseHead(version: .http1_1, status: .ok)
        head.headers.add(name: "Content-Type", value: "application/json")
        head.headers.add(name: "Transfer-Encoding", value: "chunked")
        channel.writeAndFlush(HTTPServerResponsePart.head(head), promise: nil)
    }

    func follow(
        _ target: APIRequest.Target, from version: Int, _ selector: (([String: Any]) -> Bool)?,
        in events: [APIStore.Event]
    ) {
        self.target = target
        self.selector = selector
        self.version = version
        send(events)
    }

    /// Sends the events that have not been sent yet. What a selector no longer meets is deleted for its watcher.
    func send(_ events: [APIStore.Event]) {
        // The newest are at the end.
        let start = events.lastIndex { $0.version <= version }.map { $0 + 1 } ?? 0
        for event in events[start...] {
            version = event.version
            guard let target, event.key.collection == target.collection,
                target.namespace.map({ $0 == event.key.namespace }) ?? true
            else { continue }
            var type = event.type
            if let selector {
                let was = event.old.map(selector) ?? false
                let isNow = event.type != "DELETED" && selector(event.object)
                guard was || isNow else { continue }
                type = isNow ? (was ? "MODIFIED" : "ADDED") : "DELETED"
            }
            write(["type": type, "object": event.object])
        }
    }

    func bookmark(_ version: Int) {
        write([
            "type": "BOOKMARK",
            "object": ["kind": "Bookmark", "apiVersion": "v1", "metadata": ["resourceVersion": String(version)]],
        ])
    }

    private func write(_ event: [String: Any]) {
        guard !isOver.withLock({ $0 }) else { return }
        send(event)
    }

    private func send(_ event: [String: Any]) {
        guard var data = try? JSONSerialization.data(withJSONObject: event) else { return }
        data.append(UInt8(ascii: "\n"))
        channel.writeAndFlush(APIConnection.part(data), promise: nil)
    }

    /// Ends the watch. Does nothing to one whose connection is gone.
    func end(_ fault: WatchFault) {
        let wasOver = isOver.withLock { isOver in
            defer { isOver = true }
            return isOver
        }
        guard !wasOver else { return }
        let half = #"{"type":"MODIFIED","object":{"metadata":{"name":"half","#
        switch fault {
        case .end: finish()
        case .cut: channel.close(mode: .all, promise: nil)
        case .truncatedFrame:
            channel.writeAndFlush(APIConnection.part(Data(half.utf8))).whenComplete { [channel] _ in
                channel.close(mode: .all, promise: nil)
            }
        case .truncatedFrameInGoodOrder:
            channel.writeAndFlush(APIConnection.part(Data(half.utf8)), promise: nil)
            finish()
        case .expired:
            send(["type": "ERROR", "object": Self.status(410, "Expired", "too old resource version")])
            finish()
        case .internalError:
            send(["type": "ERROR", "object": Self.status(500, "InternalError", "scripted")])
            finish()
        case .garbage:
            channel.writeAndFlush(APIConnection.part(Data("<html>not JSON</html>\n".utf8)), promise: nil)
        case .unknownType: send(["type": "CHANGED", "object": ["metadata": ["name": "x"]]])
        }
    }

    private func finish() {
        channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
    }

    private static func status(_ code: Int, _ reason: String, _ message: String) -> [String: Any] {
        ["kind": "Status", "status": "Failure", "code": code, "reason": reason, "message": message]
    }
}
