package import Claims
package import KubernetesTypes
package import Logging
package import NIOCore
import Synchronization

/// Claims class ids for Regions that are being written: performs what `ClaimMachine` decides.
///
/// One for each process. Its clock is `CLOCK_MONOTONIC`, of this process alone.
package final class Claimer: Sendable {
    private let client: KubernetesClient
    private let namespace: String
    private let timeToLive: Duration
    private let logger: Logger
    private let look: RegionLook
    private let observations = Mutex(LeaseObservations())
    package let counts = ClaimCounts()

    /// The Leases lie in `namespace`, the same for all replicas.
    package init(
        _ client: KubernetesClient, namespace: String, timeToLive: Duration = ClaimLimits.timeToLive, logger: Logger
    ) {
        self.client = client
        self.namespace = namespace
        self.timeToLive = timeToLive
        self.logger = logger
        look = RegionLook(client, logger, counts)
    }

    /// Claims ids for a Region, or finds out who has them; a dry run only looks. It comes back before the deadline; what was
    /// locked in vain by then is unlocked after that.
    package func claim(
        _ claims: [Claim], for region: ObjectName, isDryRun: Bool, deadline: NIODeadline
    ) async -> ClaimMachine.Outcome {
        var machine = ClaimMachine(
            claims: claims, holder: region.description, isDryRun: isDryRun, timeToLive: timeToLive)
        var step = machine.start()
        while step.answer == nil, let call = step.call {
            step = machine.handle(await event(of: call, machine, region, until: deadline - Self.margin))
        }
        if step.call != nil { finish(machine, step, region) }
        let outcome = step.answer ?? .unavailable
        count(outcome)
        return outcome
    }

    /// Goes on after the answer was given.
    private func finish(_ machine: ClaimMachine, _ step: ClaimMachine.Step, _ region: ObjectName) {
        Task {
            var (machine, step) = (machine, step)
            let deadline = NIODeadline.now() + Self.undoTimeout
            while let call = step.call {
                step = machine.handle(await event(of: call, machine, region, until: deadline))
            }
        }
    }

    private func event(
        of call: ClaimMachine.Call, _ machine: ClaimMachine, _ region: ObjectName, until deadline: NIODeadline
    ) async -> ClaimMachine.Event {
        let left = deadline - .now()
        guard left > .zero else { return .outOfTime }
        do throws(KubernetesError) {
            switch call {
            case .create(let lease, let holder):
                let body = LeaseObject.json(name(lease), holder: holder, seconds: seconds, nonce: LeaseObject.nonce())
                return try await stored(.create(.leases, namespace: namespace, body), left)
            case .read(let lease):
                let found = try await send(.get(.leases, name(lease)), left).decode { LeaseObject.read($0) }
                guard let found else { return .failed }
                return .found(found, unchangedFor: see(lease, found.version))
            case .update(let lease, let holder, let version):
                let body = LeaseObject.json(
                    name(lease), holder: holder, seconds: seconds, nonce: LeaseObject.nonce(), replacing: version)
                return try await stored(.replace(.leases, name(lease), body), left)
            case .delete(let lease, let version):
                try await delete(lease, version, left)
                return .deleted
            case .listRegions:
                guard let listing = await look.look(until: deadline) else {
                    return deadline <= .now() ? .outOfTime : .failed
                }
                return .regions(listing.declarations(of: machine.claims, otherThan: region))
            }
        } catch {
            if deadline <= .now() { return .outOfTime }
            if error.isAlreadyExists { return .alreadyExists }
            if error.isConflict { return .conflict }
            if error.isNotFound, call.isOfExisting { return .notFound }
            logger.warning("a class id cannot be claimed", metadata: ["region": "\(region)", "problem": "\(error)"])
            return .failed
        }
    }

    private func stored(_ request: KubernetesRequest, _ left: TimeAmount) async throws(KubernetesError)
        -> ClaimMachine.Event
    {
        let lease = try await send(request, left).decode { LeaseObject.read($0) }
        return lease.map { .stored($0.version) } ?? .failed
    }

    private func delete(_ lease: String, _ version: LeaseVersion, _ left: TimeAmount) async throws(KubernetesError) {
        let preconditions = Preconditions(uid: version.uid, resourceVersion: version.resourceVersion)
        _ = try await send(.delete(.leases, name(lease), preconditions), left)
    }

    private func send(
        _ request: KubernetesRequest, _ timeout: TimeAmount
    ) async throws(KubernetesError) -> KubernetesResponse {
        var request = request
        request.timeout = timeout
        return try await client.send(request)
    }

    /// For how long a version has been seen. The clock is read after the answer has come.
    private func see(_ lease: String, _ version: LeaseVersion) -> Duration {
        let now = Self.now()
        return observations.withLock { $0.see(lease, version, at: now) }
    }

    private func name(_ lease: String) -> ObjectName { ObjectName(namespace: namespace, name: lease) }

    /// `spec.leaseDurationSeconds`, for who looks at the Leases; no machine reads it.
    private var seconds: Int { Int(timeToLive.components.seconds) }

    private func count(_ outcome: ClaimMachine.Outcome) {
        switch outcome {
        case .unique: counts.add(.unique)
        case .declared: counts.add(.declared)
        case .inFlight: counts.add(.inFlight)
        case .unavailable: counts.add(.unavailable)
        }
    }

    static func now() -> MonotonicTime {
        MonotonicTime(sinceOrigin: .nanoseconds(NIODeadline.now().uptimeNanoseconds))
    }

    /// Before the deadline of the review: for the answer to be judged, written and read.
    static let margin = TimeAmount.milliseconds(250)
    /// For unlocking what was locked in vain, once the answer was given. What is left then is collected.
    private static let undoTimeout = TimeAmount.seconds(5)
}

// MARK: Collection

extension Claimer {
    /// Removes locks that are left behind, until the task is cancelled. Every replica does, each at its own times.
    package func collect() async {
        let collector = LeaseCollector(timeToLive: timeToLive)
        while !Task.isCancelled {
            try? await Task.sleep(for: collector.interval * Double.random(in: Self.jitter))
            guard !Task.isCancelled else { return }
            await sweep(collector)
        }
    }

    /// One sweep: a LIST of the Leases, and a DELETE of each that has been seen unchanged for long enough.
    func sweep(_ collector: LeaseCollector) async {
        let leases = Mutex<[(name: String, version: LeaseVersion)]>([])
        do throws(KubernetesError) {
            _ = try await client.list(.leases, namespace: namespace) { value in
                guard let name = value["metadata"]?["name"]?.text, let lease = LeaseObject.read(value) else { return }
                leases.withLock { $0.append((String(name), lease.version)) }
            }
            let now = Self.now()
            let listed = leases.withLock { $0 }
            let expired = observations.withLock { collector.expired(among: listed, &$0, at: now) }
            for lease in expired { await remove(lease) }
        } catch {
            counts.add(.failedSweep)
            logger.warning("claims that are left behind cannot be listed", metadata: ["problem": "\(error)"])
        }
    }

    private func remove(_ lease: (name: String, version: LeaseVersion)) async {
        do throws(KubernetesError) {
            try await delete(lease.name, lease.version, Self.undoTimeout)
            counts.add(.collected)
            logger.debug("a claim that was left behind is removed", metadata: ["lease": "\(lease.name)"])
        } catch {
            // It changed, or another replica was first.
            if error.isConflict || error.isNotFound { return }
            logger.warning(
                "a claim that is left behind cannot be removed",
                metadata: ["lease": "\(lease.name)", "problem": "\(error)"])
        }
    }

    /// Of the interval: replicas that started together do not sweep together.
    private static let jitter = 0.8...1.2
}

extension ClaimMachine.Call {
    /// A 404 to a POST is about the namespace or the API, never about the Lease.
    fileprivate var isOfExisting: Bool {
        switch self {
        case .read, .update, .delete: true
        case .create, .listRegions: false
        }
    }
}
