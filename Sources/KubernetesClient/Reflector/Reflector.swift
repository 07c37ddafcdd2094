import KubernetesTypes
package import Logging
import NIOCore
package import Policy
import Synchronization

/// Keeps the objects of one kind in step with an API server: lists them, watches them, and hands each new state to a feed.
///
/// A list goes into a copy of what is known and takes its place when it is complete, so that nobody ever sees a part of it,
/// or nothing. Events are applied in the batches they arrive in.
package final class Reflector: Sendable {
    /// How long the server is asked to keep a watch open, in seconds: less than `InventoryFeed.defaultMaximumAge`, since its end
    /// may be the only sign of life. Spread, as client-go's are, so that those of a fleet do not all end together.
    static let watchSeconds = 180...270

    private let client: KubernetesClient
    private let kind: Inventory.Kind
    private let feed: InventoryFeed
    private let logger: Logger
    /// What waits are multiplied by. A test that injects a thousand faults has no hour.
    private let pace: Double

    package convenience init(
        _ kind: Inventory.Kind, of client: KubernetesClient, into feed: InventoryFeed, logger: Logger
    ) {
        self.init(kind, of: client, into: feed, logger: logger, pace: 1)
    }

    init(
        _ kind: Inventory.Kind, of client: KubernetesClient, into feed: InventoryFeed, logger: Logger, pace: Double
    ) {
        self.pace = pace
        self.kind = kind
        self.client = client
        self.feed = feed
        self.logger = logger
    }

    /// Runs until its task is cancelled.
    package func run() async {
        let cache = ReflectorCache(kind, feed)
        var step = cache.state.withLock { $0.start() }
        while !Task.isCancelled {
            if step.wait > .zero {
                do { try await Task.sleep(for: step.wait * pace) } catch { return }
            }
            switch step.call {
            case .list: step = await list(cache)
            // What nobody judges by any more is known again soonest with a list, and where watches are refused only so.
            case .watch where feed.isTooOld(kind): step = await list(cache)
            case .watch(let version): step = await watch(cache, from: version)
            }
        }
    }

    private func list(_ cache: ReflectorCache) async -> ReflectorState.Step {
        var options = ListOptions()
        options.labelSelector = kind.labelSelector
        cache.beginList()
        do throws(KubernetesError) {
            let result = try await client.list(kind.resource, options: options) { cache.add($0) }
            cache.endList()
            logger.info(
                "listed", metadata: ["kind": "\(kind.rawValue)", "count": "\(feed.count(of: kind))"])
            return cache.state.withLock { $0.listed(resourceVersion: result.resourceVersion) }
        } catch {
            cache.abandonList()
            note(error, "the list failed")
            return cache.state.withLock { $0.listFailed(error, random: .random(in: 0..<1)) }
        }
    }

    private func watch(_ cache: ReflectorCache, from version: String) async -> ReflectorState.Step {
        var options = WatchOptions(resourceVersion: version)
        options.labelSelector = kind.labelSelector
        options.timeoutSeconds = .random(in: Self.watchSeconds)
        let start = NIODeadline.now()
        var failure: KubernetesError?
        do throws(KubernetesError) {
            try await client.watch(kind.resource, options: options, observer: cache)
        } catch {
            failure = error
        }
        if let failure { note(failure, "the watch ended") }
        let lasted = Duration.nanoseconds((NIODeadline.now() - start).nanoseconds)
        // Nothing has happened meanwhile. A server promises no bookmarks of a kind of which it has not seen anything yet.
        if failure == nil, lasted >= ReflectorState.shortWatch { feed.heard(kind) }
        return cache.state.withLock { $0.watchEnded(failure, lasted: lasted, random: .random(in: 0..<1)) }
    }

    private func note(_ error: KubernetesError, _ what: String) {
        if error.kind == .cancelled || error.kind == .shutDown { return }
        // Said once, and again when it is another.
        guard feed.note(error, kind) else { return }
        logger.warning(
            "\(what); what is known stays, and it is tried again",
            metadata: ["kind": "\(kind.rawValue)", "server": "\(client.configuration.origin)", "error": "\(error)"])
    }
}

/// What a reflector knows, on its way to the feed. Its methods are called one after the other: by the client's event loop
/// while a list or a watch runs, by the reflector's task in between.
final class ReflectorCache: WatchObserver {
    private struct Contents {
        /// What has been published, and what the next batch changes.
        var current = Inventory()
        /// The list under way.
        var coming: Inventory?
        /// The names in it; nothing where nothing was known before.
        var seen: Set<ObjectName> = []
        /// By the events of the present batch.
        var hasChanged = false
        var hasEvents = false
    }

    let state = Mutex(ReflectorState())
    private let kind: Inventory.Kind
    private let feed: InventoryFeed
    private let contents = Mutex(Contents())

    init(_ kind: Inventory.Kind, _ feed: InventoryFeed) {
        self.kind = kind
        self.feed = feed
    }

    // MARK: Lists

    func beginList() {
        contents.withLock { contents in
            contents.coming = contents.current
            contents.seen = []
        }
    }

    func add(_ object: Value) {
        guard let name = Inventory.name(of: object) else { return }
        contents.withLock { contents in
            if contents.current.count(of: kind) > 0 { contents.seen.insert(name) }
            contents.coming?.keep(object, kind)
        }
    }

    func endList() {
        let published = contents.withLock { contents -> Inventory? in
            guard var coming = contents.coming else { return nil }
            if contents.current.count(of: kind) > 0 { coming.forgetAll(kind, except: contents.seen) }
            contents.current = coming
            contents.coming = nil
            contents.seen = []
            return coming
        }
        if let published { feed.publish(published, kind, isList: true) }
    }

    func abandonList() {
        contents.withLock { contents in
            contents.coming = nil
            contents.seen = []
        }
    }

    // MARK: Events

    /// No sign of life yet: what follows may be that the resourceVersion has expired.
    func watchBegan() {
        state.withLock { $0.watchBegan() }
        feed.recovered(kind)
    }

    func event(_ type: WatchEventType, _ object: Value) {
        let name = type == .bookmark ? nil : Inventory.name(of: object)
        contents.withLock { contents in
            contents.hasEvents = true
            if let name {
                if type == .deleted { contents.current.forget(name, kind) } else { contents.current.keep(object, kind) }
                contents.hasChanged = true
            }
        }
        if name != nil { feed.countEvent(kind) }
        if let version = object["metadata"]?["resourceVersion"]?.text, !version.isEmpty {
            state.withLock { $0.advanced(to: String(version)) }
        }
    }

    func batchEnded() {
        let (hasEvents, published) = contents.withLock { contents -> (Bool, Inventory?) in
            defer { (contents.hasEvents, contents.hasChanged) = (false, false) }
            return (contents.hasEvents, contents.hasChanged ? contents.current : nil)
        }
        if let published {
            feed.publish(published, kind, isList: false)
        } else if hasEvents {
            feed.heard(kind)
        }
    }
}
