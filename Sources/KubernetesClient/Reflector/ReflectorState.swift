/// The decisions of a reflector: when to list, from where to watch, how long to wait. It does nothing itself and reads no
/// clock (upstream: client-go's `tools/cache.Reflector`).
///
/// - The first thing is a list. A watch follows from the list's resourceVersion, and the next one from wherever the last
///   event or bookmark was.
/// - A resourceVersion that the server no longer knows (410), or watches that fail again and again, lead to a new list,
///   which replaces what is known in one step. Nothing is ever thrown away before that.
/// - Failures are followed by growing waits with jitter, so that replicas do not come back at the same moment.
package struct ReflectorState: Hashable, Sendable {
    package enum Call: Hashable, Sendable {
        case list
        case watch(resourceVersion: String)
    }

    /// What to do next, and how long to wait before.
    package struct Step: Hashable, Sendable {
        package let call: Call
        package let wait: Duration

        package init(_ call: Call, after wait: Duration = .zero) {
            self.call = call
            self.wait = wait
        }
    }

    /// The first wait; each that follows is twice as long.
    package static let firstWait = Duration.milliseconds(200)
    /// The longest, if the server does not ask for more: a cache is current again that soon after an outage, and a few
    /// replicas that ask every other second burden nobody.
    package static let longestWait = Duration.seconds(4)
    /// The longest that a server may ask for.
    package static let longestRetryAfter = Duration.seconds(30)
    /// Watches in a row that bring nothing and end badly, before what they start from is doubted.
    static let fruitlessWatches = 3
    /// The longest wait after a watch that worked and was cut: a server that restarts has it from all its watchers at once.
    static let reconnectWait = Duration.milliseconds(50)
    /// A watch that ends sooner in good order without a word looks like a proxy that cannot pass one on.
    static let shortWatch = Duration.seconds(1)

    /// Where to watch from; empty before the first list.
    private var resourceVersion = ""
    /// Failures since the server last gave anything.
    private var failures = 0
    private var fruitless = 0
    /// The present watch was accepted.
    private var hasBegun = false
    private var hasEvents = false
    /// The last list was made because of a 410, and nothing has come since.
    private var wasExpired = false

    package init() {}

    package mutating func start() -> Step { Step(.list) }

    /// A list is complete, and watching begins.
    package mutating func listed(resourceVersion: String) -> Step {
        self.resourceVersion = resourceVersion
        failures = 0
        fruitless = 0
        return watch(after: .zero)
    }

    /// `random` is evenly spread over 0 ..< 1.
    package mutating func listFailed(_ error: KubernetesError, random: Double) -> Step {
        // An expired continue token: the list took longer than the server remembers. It is made anew.
        Step(.list, after: backOff(error, random))
    }

    package mutating func watchBegan() {
        hasBegun = true
    }

    /// An event or a bookmark brought the resourceVersion of now.
    package mutating func advanced(to resourceVersion: String) {
        self.resourceVersion = resourceVersion
        failures = 0
        fruitless = 0
        hasEvents = true
        wasExpired = false
    }

    /// The watch has ended, in good order where there is no error.
    package mutating func watchEnded(_ error: KubernetesError?, lasted: Duration, random: Double) -> Step {
        guard let error else {
            if hasEvents || lasted >= Self.shortWatch {
                failures = 0
                return watch(after: .zero)
            }
            return watchAgain(nil, random)
        }
        if error.isExpired {
            // The list is made at once, but not again and again.
            defer { wasExpired = true }
            return wasExpired ? Step(.list, after: backOff(error, random)) : Step(.list)
        }
        // What the server refuses it will refuse again, and a list says better why.
        if let code = error.status?.code, (400..<500).contains(code), code != 429 {
            return Step(.list, after: backOff(error, random))
        }
        // A connection that did its work for a while and was lost says nothing against the server.
        if hasBegun, lasted >= Self.shortWatch, error.status == nil {
            failures = 0
            fruitless = 0
            return watch(after: Self.reconnectWait * min(max(random, 0), 1))
        }
        return watchAgain(error, random)
    }

    private mutating func watchAgain(_ error: KubernetesError?, _ random: Double) -> Step {
        // A server that can be reached is asked again soon.
        if hasBegun { failures = min(failures, 1) }
        if !hasEvents, hasBegun { fruitless += 1 }
        let wait = backOff(error, random)
        if fruitless >= Self.fruitlessWatches {
            fruitless = 0
            return Step(.list, after: wait)
        }
        return watch(after: wait)
    }

    private mutating func watch(after wait: Duration) -> Step {
        hasBegun = false
        hasEvents = false
        return Step(.watch(resourceVersion: resourceVersion), after: wait)
    }

    /// Between half of the wait and all of it.
    private mutating func backOff(_ error: KubernetesError?, _ random: Double) -> Duration {
        let doublings = min(failures, 16)
        failures += 1
        let wait = min(Self.firstWait * (1 << doublings), Self.longestWait)
        let jittered = wait * (0.5 + min(max(random, 0), 1) / 2)
        guard let asked = error?.status?.retryAfterSeconds else { return jittered }
        return max(jittered, min(.seconds(asked), Self.longestRetryAfter))
    }
}
