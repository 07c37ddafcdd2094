/// Who waits for which LIST: one LIST serves every request that asked for it before it started.
///
/// A request that asks while one is under way waits for the next: what that one sees may be from before the request
/// had its claims. So at most one is under way, and however many requests there are, each waits for at most two.
package struct SharedListing<Waiter: Sendable>: Sendable {
    /// They are served by the LIST that is under way.
    private var served: [Waiter] = []
    /// They are served by the one after it.
    private var waiting: [Waiter] = []
    package private(set) var isUnderWay = false

    package init() {}

    /// Adds a waiter. True where a LIST is to be started now.
    package mutating func ask(_ waiter: Waiter) -> Bool {
        waiting.append(waiter)
        return startIfIdle()
    }

    /// The LIST has come to its end, in whatever way: who it served, and whether another is to be started now.
    package mutating func finish() -> (served: [Waiter], startsAnother: Bool) {
        isUnderWay = false
        let done = served
        served = []
        return (done, startIfIdle())
    }

    private mutating func startIfIdle() -> Bool {
        guard !isUnderWay, !waiting.isEmpty else { return false }
        isUnderWay = true
        served = waiting
        waiting = []
        return true
    }
}
