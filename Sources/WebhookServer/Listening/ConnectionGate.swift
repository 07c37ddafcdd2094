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

    /// How long nothing is accepted for want of descriptors or memory. Short against the patience of any client, long
    /// against the cost of an attempt.
    static let pause = TimeAmount.milliseconds(100)
    /// How often a pause for handshakes looks whether it is over.
    static let pacingInterval = TimeAmount.milliseconds(2)

    private let gate: ConnectionGate
    /// Of a listener that speaks TLS.
    private let pacer: HandshakePacer?
    private let setUp: @Sendable (any Channel, HandshakePacer.Ticket?) throws -> Void
    /// The end of the pipeline, behind NIO's handler.
    private var end: ChannelHandlerContext?

    /// `setUp` is called for each connection on its event loop, before it is registered; it sees to it that the handshake's
    /// ticket is given back.
    init(
        _ gate: ConnectionGate, pacer: HandshakePacer? = nil,
        setUp: @escaping @Sendable (any Channel, HandshakePacer.Ticket?) throws -> Void
    ) {
        self.gate = gate
        self.pacer = pacer
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
        let (gate, pacer, setUp) = (gate, pacer, setUp)
        let ticket = pacer?.begin()
        channel.closeFuture.whenComplete { _ in gate.leave() }
        channel.eventLoop.execute {
            do {
                try setUp(channel, ticket)
            } catch {
                if let ticket { pacer?.end(ticket) }
                channel.close(promise: nil)
            }
        }
        if let pacer, pacer.isFull { pause(context.channel, pacer) }
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
        guard stopAccepting(channel) else { return }
        context.eventLoop.scheduleTask(in: Self.pause) { Self.goOnAccepting(channel) }
    }

    /// Accepts nothing until some of the handshakes are over, or have had their time.
    private func pause(_ channel: any Channel, _ pacer: HandshakePacer) {
        guard stopAccepting(channel) else { return }
        let end = NIODeadline.now() + pacer.patience
        channel.eventLoop.scheduleRepeatedTask(
            initialDelay: Self.pacingInterval, delay: Self.pacingInterval
        ) { task in
            if NIODeadline.now() >= end { pacer.forget() }
            guard !pacer.isFull else { return }
            task.cancel()
            Self.goOnAccepting(channel)
        }
    }

    /// False if accepting is paused already.
    private func stopAccepting(_ channel: any Channel) -> Bool {
        guard (try? channel.syncOptions?.getOption(.autoRead)) == true else { return false }
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        return true
    }

    private static func goOnAccepting(_ channel: any Channel) {
        try? channel.syncOptions?.setOption(.autoRead, value: true)
    }
}

/// Marks a place in a pipeline.
private final class LastHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel
}
