import NIOCore
import Synchronization

/// How many TLS handshakes are under way at a time.
///
/// A connection needs twice the memory during its handshake that it keeps afterwards, and what a thousand handshakes at
/// once leave behind lies too scattered to be given back. Connections that wait their turn in the backlog cost nothing.
///
/// A handshake whose client stalls counts for a moment only (`forget`): nobody can keep others out by being slow.
final class HandshakePacer: Sendable {
    /// A handshake that counts, or has counted.
    struct Ticket: Sendable {
        fileprivate let round: UInt32
    }

    private struct State {
        var round: UInt32 = 0
        var count = 0
    }

    private let limit: Int
    /// How long handshakes count while nothing is accepted.
    let patience: TimeAmount
    private let state = Mutex(State())

    init(limit: Int, patience: TimeAmount) {
        self.limit = limit
        self.patience = patience
    }

    /// As many as there may be.
    var isFull: Bool { state.withLock { $0.count >= limit } }

    /// A connection was accepted; `end` follows.
    func begin() -> Ticket {
        state.withLock {
            $0.count += 1
            return Ticket(round: $0.round)
        }
    }

    /// Its handshake is over, well or badly.
    func end(_ ticket: Ticket) {
        state.withLock { if $0.round == ticket.round, $0.count > 0 { $0.count -= 1 } }
    }

    /// Those that are under way count no longer.
    func forget() {
        state.withLock {
            $0.round &+= 1
            $0.count = 0
        }
    }
}
