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

/// Stands before NIO's own handler of accepted connections.
final class ConnectionGateHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    /// Short against the patience of any client, long against the cost of an attempt.
    static let pause = TimeAmount.milliseconds(100)

    private let gate: ConnectionGate

    init(_ gate: ConnectionGate) {
        self.gate = gate
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        guard gate.enter() else {
            channel.close(promise: nil)
            return
        }
        let gate = gate
        channel.closeFuture.whenComplete { _ in gate.leave() }
        context.fireChannelRead(data)
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
