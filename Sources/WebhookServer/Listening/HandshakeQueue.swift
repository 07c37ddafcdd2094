import NIOCore

/// Starts the TLS handshakes of one event loop, a few at a time.
///
/// A connection needs twice the memory during its handshake that it keeps afterwards, and what a thousand handshakes at
/// once leave behind lies too scattered to be given back. One that waits for its turn costs a socket.
///
/// A handshake whose client stalls counts for a moment only: nobody can keep others out by being slow.
final class HandshakeQueue {
    private let eventLoop: any EventLoop
    private let limit: Int
    /// How long those that wait do so for handshakes that do not end.
    private let patience: TimeAmount
    private var active = 0
    /// Handshakes of earlier rounds count no longer.
    private var round = 0
    private var waiting = CircularBuffer<(@escaping () -> Void) -> Void>()
    private var isStarting = false
    private var isTimed = false

    init(eventLoop: any EventLoop, limit: Int, patience: TimeAmount) {
        self.eventLoop = eventLoop
        self.limit = limit
        self.patience = patience
    }

    /// The next connection will have to wait.
    var isFull: Bool { active >= limit }

    /// Calls `start`, at once or when others are done. It is given what to call when the handshake is over, well or badly.
    func add(_ start: @escaping (@escaping () -> Void) -> Void) {
        waiting.append(start)
        startNext()
    }

    private func startNext() {
        // A handshake may be over before it has begun.
        guard !isStarting else { return }
        isStarting = true
        while active < limit, let start = waiting.popFirst() {
            active += 1
            var round: Int? = round
            start { [self] in
                guard round.take() == self.round else { return }
                active -= 1
                startNext()
            }
        }
        isStarting = false
        guard !waiting.isEmpty, !isTimed else { return }
        isTimed = true
        eventLoop.assumeIsolated().scheduleTask(in: patience) { [weak self] in self?.startNextRound() }
    }

    private func startNextRound() {
        isTimed = false
        guard !waiting.isEmpty else { return }
        round += 1
        active = 0
        startNext()
    }
}
