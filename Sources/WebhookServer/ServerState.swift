import NIOCore
import Synchronization

/// Bytes of memory that event loops hold together for one purpose.
package final class MemoryBudget: Sendable {
    package let limit: Int
    private let held = Atomic(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// Now held.
    package var bytes: Int { held.load(ordering: .relaxed) }

    /// Whether so many bytes more would be within the limit. Holds none of them: a length that was only announced costs
    /// nothing, or a few connections could announce everybody else's share away.
    func hasRoom(for count: Int) -> Bool {
        count <= limit - bytes
    }

    /// Holds so many bytes more; false, and nothing held, if that exceeds the limit.
    package func take(_ count: Int) -> Bool {
        if held.wrappingAdd(count, ordering: .relaxed).newValue <= limit { return true }
        giveBack(count)
        return false
    }

    package func giveBack(_ count: Int) {
        held.wrappingSubtract(count, ordering: .relaxed)
    }
}

/// Whether the server is going down.
final class ShutdownState: Sendable {
    private let flag = Atomic(false)

    /// From now on each response is the last of its connection.
    var isDraining: Bool { flag.load(ordering: .relaxed) }

    func begin() {
        flag.store(true, ordering: .relaxed)
    }
}

/// When an event loop last proved that it is alive.
final class Heartbeat: Sendable {
    private let last = Atomic<UInt64>(0)

    func beat(_ now: NIODeadline) {
        last.store(now.uptimeNanoseconds, ordering: .relaxed)
    }

    /// Since the last beat. Nothing before the first one.
    func age(at now: NIODeadline) -> TimeAmount? {
        let last = last.load(ordering: .relaxed)
        guard last > 0 else { return nil }
        return now - NIODeadline.uptimeNanoseconds(last)
    }
}
