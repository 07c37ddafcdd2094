import Glibc
import NIOCore
import Synchronization

/// Counts the connections of a listener, and turns away those over the limit.
final class ConnectionGate: Sendable {
    private let limit: Int
    private let openCount = Atomic(0)
    private let acceptedCount = Atomic(0)
    private let refusedCount = Atomic(0)
    private let failedCount = Atomic(0)

    init(limit: Int) {
        self.limit = limit
    }

    var open: Int { openCount.load(ordering: .relaxed) }
    /// Since the start, those still open included.
    var accepted: Int { acceptedCount.load(ordering: .relaxed) }
    /// Since the start.
    var refused: Int { refusedCount.load(ordering: .relaxed) }
    /// Attempts to accept one that failed, since the start: most likely there were no file descriptors left.
    var failed: Int { failedCount.load(ordering: .relaxed) }

    /// False if there are too many already. Otherwise `leave` must follow.
    fileprivate func enter() -> Bool {
        if openCount.wrappingAdd(1, ordering: .relaxed).newValue > limit {
            leave()
            refusedCount.wrappingAdd(1, ordering: .relaxed)
            return false
        }
        acceptedCount.wrappingAdd(1, ordering: .relaxed)
        return true
    }

    fileprivate func fail() {
        failedCount.wrappingAdd(1, ordering: .relaxed)
    }

    fileprivate func leave() {
        openCount.wrappingSubtract(1, ordering: .relaxed)
    }
}

/// Stands before NIO's own handler of accepted connections, and does its work: that one goes to the connection's event
/// loop to set it up, back to this one, and there again to register it, each time waking a thread. Here the connection is
/// set up and registered in one go.
final class ConnectionGateHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    /// Short against the patience of any client, long against the cost of an attempt.
    static let pause = TimeAmount.milliseconds(100)

    private let gate: ConnectionGate
    private let setUp: @Sendable (any Channel) throws -> Void
    /// The end of the pipeline, behind NIO's handler.
    private var end: ChannelHandlerContext?

    /// `setUp` is called for each connection on its event loop, before it is registered.
    init(_ gate: ConnectionGate, setUp: @escaping @Sendable (any Channel) throws -> Void) {
        self.gate = gate
        self.setUp = setUp
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        // NIO adds its handler right after this one, and before anything can be accepted.
        context.eventLoop.assumeIsolated().execute { [weak self] in
            let last = LastHandler()
            guard let self, (try? pipeline.addHandler(last)) != nil else { return }
            end = try? pipeline.context(handler: last)
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        guard gate.enter() else {
            channel.close(promise: nil)
            return
        }
        let (gate, setUp) = (gate, setUp)
        channel.closeFuture.whenComplete { _ in gate.leave() }
        channel.eventLoop.execute {
            do { try setUp(channel) } catch { channel.close(promise: nil) }
        }
        // Has the connection registered on its event loop, after what was put there above.
        (end ?? context).fireChannelRead(data)
    }

    /// A connection that was gone before it was accepted is nothing but counted. Without descriptors or memory the socket
    /// stays ready, and would be tried again and again: accepting is paused. NIO's `AcceptBackoffHandler` delays the next
    /// `read`, but does not take back the one under which the attempt failed, and so cannot stop that.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        gate.fail()
        guard let error = error as? IOError, [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.errnoCode) else { return }
        let channel = context.channel
        guard (try? channel.syncOptions?.getOption(.autoRead)) == true else { return }
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        context.eventLoop.scheduleTask(in: Self.pause) {
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }
}

/// Marks a place in a pipeline.
private final class LastHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel
}
