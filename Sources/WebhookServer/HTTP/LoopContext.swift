import NIOCore

/// What the connections of one event loop share. Used on that loop only.
final class LoopContext: ConnectionLoop {
    let eventLoop: any EventLoop
    let limits: ServerLimits
    let service: any HTTPService
    let budget: MemoryBudget
    let shutdown: ShutdownState
    private let heartbeat: Heartbeat

    /// Scratch space for the response that is being made.
    var response = Response()
    var formatter = ResponseFormatter()
    /// Formatted responses, used in turn: one leaves when all connections that are ready have been served.
    private var outputs = [ByteBuffer](repeating: ByteBuffer(), count: outputCount)
    private var nextOutput = 0
    /// A body buffer that is between two uses.
    private var spareBody: ByteBuffer?

    private var connections: [any TimedConnection] = []
    /// Idle connections have been closed, and those that become so are not waited for.
    private var isClosingIdle = false
    private var sweep: Scheduled<Void>?
    /// Connections at the last look, and when memory was given back for the last time.
    private var lastCount = 0
    private var settledCount = 0
    private var nextMemoryLook = NIODeadline.uptimeNanoseconds(0)

    /// Connections whose handshakes leave a megabyte or so.
    private static let crowd = 32

    /// Enough for the reviews that come by the thousand; what is larger is rare enough to be allocated.
    static let retainedBodyCapacity = 128 * 1_024
    /// About as many connections as are ready at once when a processor is busy.
    private static let outputCount = 16
    /// Few answers are longer than one of these.
    private static let retainedOutputCapacity = 16 * 1_024

    init(
        eventLoop: any EventLoop, limits: ServerLimits, service: any HTTPService, budget: MemoryBudget,
        shutdown: ShutdownState, heartbeat: Heartbeat
    ) {
        self.eventLoop = eventLoop
        self.limits = limits
        self.service = service
        self.budget = budget
        self.shutdown = shutdown
        self.heartbeat = heartbeat
    }

    // MARK: Buffers

    /// Formats `response`. The buffer is used again after some more calls, unless somebody still holds it then.
    func formatResponse(isLast: Bool, omitsBody: Bool) -> ByteBuffer {
        // Local meanwhile, so that each write need not be guarded against another.
        var buffer = outputs[nextOutput]
        outputs[nextOutput] = ByteBuffer()
        // A small one in its place, where the last answer has not left.
        buffer.clear(minimumCapacity: 0)
        formatter.write(response, isLast: isLast, omitsBody: omitsBody, into: &buffer)
        if buffer.storageCapacity <= Self.retainedOutputCapacity { outputs[nextOutput] = buffer }
        nextOutput = (nextOutput + 1) % Self.outputCount
        return buffer
    }

    /// An empty buffer for a body.
    func takeBodyBuffer() -> ByteBuffer {
        defer { spareBody = nil }
        return spareBody ?? ByteBuffer()
    }

    /// Keeps the memory of a body buffer for the next one, unless it is large.
    func giveBack(_ buffer: consuming ByteBuffer) {
        guard spareBody == nil, buffer.storageCapacity <= Self.retainedBodyCapacity else { return }
        buffer.clear()
        spareBody = consume buffer
    }

    // MARK: Deadlines

    /// One timer for all connections: a deadline costs an assignment instead of a scheduled task. It is due when the earliest
    /// of them is, so that those of a crowd are closed as they came: many at once, with the handshakes of those that come
    /// back, would keep the others waiting for milliseconds.
    func start() {
        let next = tick()
        sweep = eventLoop.assumeIsolated().scheduleTask(deadline: next) { [weak self] in self?.start() }
    }

    func stop() {
        sweep?.cancel()
        sweep = nil
    }

    /// Returns when there is something to do again.
    private func tick() -> NIODeadline {
        let time = CivilTime.now()
        formatter.setTime(time.seconds)
        let now = NIODeadline.now()
        heartbeat.beat(now)
        var next = now + limits.sweepInterval
        // From the end, since a connection that ends moves the last one to its place.
        for index in connections.indices.reversed() where index < connections.count {
            let connection = connections[index]
            if connection.deadline <= now {
                connection.deadlineHasPassed()
            } else {
                next = min(next, connection.deadline)
            }
        }
        giveBackMemory(now)
        return max(next, now + ServerLimits.leastSweepInterval)
    }

    /// During a handshake a connection needs twice the memory that it keeps. What a crowd leaves, having come or gone, goes
    /// back to the system once there is no more coming and going.
    private func giveBackMemory(_ now: NIODeadline) {
        guard now >= nextMemoryLook else { return }
        nextMemoryLook = now + limits.sweepInterval
        defer { lastCount = connections.count }
        guard connections.count == lastCount, abs(connections.count - settledCount) >= Self.crowd else { return }
        settledCount = connections.count
        service.releaseMemory()
    }

    // MARK: Connections

    func addHandlers(to pipeline: ChannelPipeline.SynchronousOperations, behindTLS: Bool) throws {
        try pipeline.addHandler(ConnectionHandler(loop: self, awaitsHandshake: behindTLS))
    }

    func add(_ connection: any TimedConnection) {
        connection.slot = connections.count
        connections.append(connection)
    }

    func remove(_ connection: any TimedConnection) {
        let slot = connection.slot
        guard slot < connections.count, connections[slot] === connection, let last = connections.popLast() else {
            return
        }
        if last !== connection {
            connections[slot] = last
            last.slot = slot
        }
    }

    /// How long a new connection may wait for its first request.
    var firstRequestTimeout: TimeAmount {
        isClosingIdle ? limits.lingerTimeout : limits.firstRequestTimeout ?? limits.idleTimeout
    }

    // MARK: Shutting down

    func closeIdleConnections() {
        isClosingIdle = true
        for connection in connections { connection.closeIfIdle() }
    }

    func closeAllConnections() {
        for connection in connections { connection.closeNow() }
    }
}

/// A connection as its event loop's timer sees it.
protocol TimedConnection: AnyObject {
    var deadline: NIODeadline { get }
    /// Where the loop keeps it.
    var slot: Int { get set }
    func deadlineHasPassed()
    func closeIfIdle()
    func closeNow()
}
