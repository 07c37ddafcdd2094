package import NIOCore
package import Policy
import Synchronization

/// The inventory as it is now, and what is known about how good it is.
///
/// Readers take a snapshot: a lock that is held for some nanoseconds, one reference, and nothing is copied. Reflectors put
/// a new state in place of the old one as a whole.
package final class InventoryFeed: Sendable {
    /// What is known of a kind.
    package struct Health: Hashable, Sendable {
        /// There has been a complete list.
        package var isSynced = false
        /// Since the API server last gave a sign of life: a list, an event, a bookmark (which it sends every minute), the end
        /// of a watch in good order.
        package var age: TimeAmount = .zero
        /// What went wrong since.
        package var error: KubernetesError?
        package var objects = 0
        package var lists = 0
        package var events = 0
        package var failures = 0
    }

    private struct Source {
        var origin: String
        var isSynced = false
        /// Files do not age.
        var ages = true
        var heardAt: NIODeadline
        var error: KubernetesError?
        var lists = 0
        var events = 0
        var failures = 0
    }

    private struct State {
        var inventory = Inventory()
        var sources: [Inventory.Kind: Source] = [:]
        /// Until then no kind can be too old.
        var freshUntil = NIODeadline.distantFuture
    }

    /// Data older than that is not judged by. Bookmarks come every minute, or a watch comes to its end in good order in less
    /// time; one that is cut is taken up again within seconds. So nothing is that old unless the API server cannot be reached.
    package static let defaultMaximumAge = TimeAmount.seconds(300)

    private let maximumAge: TimeAmount
    private let state = Mutex(State())

    package init(maximumAge: TimeAmount = InventoryFeed.defaultMaximumAge) {
        self.maximumAge = maximumAge
    }

    /// The inventory to judge by. Kinds that are not known, or no longer, are gaps in it.
    package func snapshot(at now: NIODeadline = .now()) -> Inventory {
        state.withLock { state in
            if now < state.freshUntil { return state.inventory }
            var inventory = state.inventory
            for (kind, source) in state.sources where isTooOld(source, now) {
                inventory.set(Self.gap(kind, source), for: kind)
            }
            return inventory
        }
    }

    private func isTooOld(_ source: Source, _ now: NIODeadline) -> Bool {
        source.ages && now - source.heardAt >= maximumAge
    }

    /// Whether a kind was known and is too old now.
    func isTooOld(_ kind: Inventory.Kind, at now: NIODeadline = .now()) -> Bool {
        state.withLock { state in state.sources[kind].map { $0.isSynced && isTooOld($0, now) } ?? false }
    }

    // MARK: Sources

    /// A kind that a reflector will bring.
    package func expect(_ kind: Inventory.Kind, from origin: String, at now: NIODeadline = .now()) {
        state.withLock { state in
            let source = Source(origin: origin, heardAt: now)
            state.sources[kind] = source
            state.inventory.set(Self.gap(kind, source), for: kind)
        }
    }

    /// A kind that is known once and for all, from files.
    package func fix(_ kind: Inventory.Kind, to inventory: Inventory, from origin: String) {
        state.withLock { state in
            var source = Source(origin: origin, heardAt: .now())
            source.isSynced = true
            source.ages = false
            state.sources[kind] = source
            state.inventory.take(kind, from: inventory)
        }
    }

    /// A new state of a kind.
    func publish(_ inventory: Inventory, _ kind: Inventory.Kind, isList: Bool, at now: NIODeadline = .now()) {
        state.withLock { state in
            guard var source = state.sources[kind] else { return }
            if isList {
                source.isSynced = true
                source.error = nil
                source.lists += 1
            }
            source.heardAt = now
            state.sources[kind] = source
            if source.isSynced { state.inventory.take(kind, from: inventory) }
            refresh(&state)
        }
    }

    /// What went wrong no longer does, but the API server has said nothing of the objects yet.
    func recovered(_ kind: Inventory.Kind) {
        state.withLock { state in
            if state.sources[kind]?.isSynced == true { state.sources[kind]?.error = nil }
        }
    }

    /// A sign of life of the API server.
    func heard(_ kind: Inventory.Kind, at now: NIODeadline = .now()) {
        state.withLock { state in
            guard state.sources[kind]?.isSynced == true else { return }
            state.sources[kind]?.heardAt = now
            state.sources[kind]?.error = nil
            refresh(&state)
        }
    }

    func countEvent(_ kind: Inventory.Kind) {
        state.withLock { $0.sources[kind]?.events += 1 }
    }

    /// Notes a failure; whether it is another than the last.
    func note(_ error: KubernetesError, _ kind: Inventory.Kind) -> Bool {
        state.withLock { state in
            guard var source = state.sources[kind] else { return false }
            let isNew = source.error != error
            source.error = error
            source.failures += 1
            state.sources[kind] = source
            if !source.isSynced { state.inventory.set(Self.gap(kind, source), for: kind) }
            return isNew
        }
    }

    private func refresh(_ state: inout State) {
        state.freshUntil =
            state.sources.values.filter { $0.ages && $0.isSynced }.map { $0.heardAt + maximumAge }.min()
            ?? .distantFuture
    }

    // MARK: Health

    package func health(of kind: Inventory.Kind, at now: NIODeadline = .now()) -> Health? {
        state.withLock { state in
            guard let source = state.sources[kind] else { return nil }
            return Health(
                isSynced: source.isSynced, age: source.ages ? now - source.heardAt : .zero, error: source.error,
                objects: state.inventory.count(of: kind), lists: source.lists, events: source.events,
                failures: source.failures)
        }
    }

    package func count(of kind: Inventory.Kind) -> Int { state.withLock { $0.inventory.count(of: kind) } }

    /// What stands in the way of judging by a kind; nil where nothing does.
    package func gap(_ kind: Inventory.Kind) -> Inventory.Gap? { snapshot().gap(kind) }

    private static func gap(_ kind: Inventory.Kind, _ source: Source) -> Inventory.Gap {
        if let gap = kind.gap(because: source.error) { return gap }
        let name = kind.rawValue
        let reason =
            source.isSynced
            ? "the \(name) of the cluster are no longer known" : "the \(name) of the cluster are not known yet"
        return Inventory.Gap(reason: reason, isPassing: true)
    }
}
