import Claims
import KubernetesTypes
import Logging
import NIOCore
import Policy
import Synchronization

/// Looks at all Regions, once for everybody who asked before the look began.
///
/// kube-apiserver answers such a list from its watch cache once that has caught up with etcd, which it asks how far it is at
/// most every 100 ms (KEP-2340, `progressRequestPeriod`): of lists in quick succession each waits that long. No other request
/// says as much and waits less. A GET goes to etcd at once, but only of a Region whose name is known; a list at an exact
/// resourceVersion needs one of the Regions' own, and that of the Lease is none: versions of two resources do not compare, and
/// the two may be stored in different etcds (`--etcd-servers-overrides`).
final class RegionLook: Sendable {
    private let client: KubernetesClient
    private let logger: Logger
    private let counts: ClaimCounts
    private let sharing = Mutex(SharedListing<Waiter>())

    init(_ client: KubernetesClient, _ logger: Logger, _ counts: ClaimCounts) {
        self.client = client
        self.logger = logger
        self.counts = counts
    }

    /// A linearizable LIST that began after this was called; nil where it failed, or the deadline came first.
    func look(until deadline: NIODeadline) async -> RegionListing? {
        let waiter = Waiter()
        let timer = client.eventLoop.scheduleTask(deadline: deadline) { waiter.resume(nil) }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            waiter.wait(continuation)
            if sharing.withLock({ $0.ask(waiter) }) { start() }
        }
    }

    private func start() {
        Task {
            let listing = await list()
            let end = sharing.withLock { $0.finish() }
            if end.startsAnother { start() }
            for waiter in end.served { waiter.resume(listing) }
        }
    }

    private func list() async -> RegionListing? {
        counts.add(.look)
        let listing = Mutex(RegionListing())
        var options = ListOptions()
        options.timeout = Self.timeout
        do throws(KubernetesError) {
            _ = try await client.list(.regions, options: options) { region in
                listing.withLock { Self.add(region, to: &$0) }
            }
            return listing.withLock { $0 }
        } catch {
            // Never taken as "there is none", a CRD that does not exist (404) included.
            logger.warning("Regions cannot be listed to look for class ids", metadata: ["problem": "\(error)"])
            return nil
        }
    }

    /// Notes what a Region declares, whatever else is wrong with it: only what is read here has to be there.
    static func add(_ region: Value, to listing: inout RegionListing) {
        guard let metadata = region["metadata"], let name = metadata["name"]?.text else { return }
        let namespace = metadata["namespace"]?.text.map { String($0) } ?? ""
        guard let nodes = region["spec"]?["kubernetes"]?["nodes"], nodes.isArray else { return }
        listing.add(
            ObjectName(namespace: namespace, name: String(name)),
            declares: nodes.elements.compactMap { $0["id"]?.text.map { ClassID($0).description } })
    }

    /// Of a page. Others wait behind a LIST that hangs, each with a deadline of its own of up to ten seconds.
    private static let timeout = TimeAmount.seconds(5)
}

extension RegionLook {
    /// Somebody who waits for a LIST, or for the deadline.
    private final class Waiter: Sendable {
        private enum State {
            case new
            case waiting(CheckedContinuation<RegionListing?, Never>)
            case over
        }

        private let state = Mutex(State.new)

        /// At once where the deadline has come before this.
        func wait(_ continuation: CheckedContinuation<RegionListing?, Never>) {
            let isOver = state.withLock { state in
                if case .over = state { return true }
                state = .waiting(continuation)
                return false
            }
            if isOver { continuation.resume(returning: nil) }
        }

        /// The first call counts.
        func resume(_ listing: RegionListing?) {
            let continuation: CheckedContinuation<RegionListing?, Never>? = state.withLock { state in
                defer { state = .over }
                if case .waiting(let continuation) = state { return continuation }
                return nil
            }
            continuation?.resume(returning: listing)
        }
    }
}
