import KubernetesTypes

@testable import Claims

/// What a delivery is told, as a small number and as the event it stands for.
enum WorldEvent {
    case stored, alreadyExists, notFound, conflict, deleted, failed, outOfTime
    /// A Lease of a Region's, too young to be taken over, and one that is old enough.
    case found(Int)
    case expired(Int)
    /// The ids that other Regions declare.
    case regions(UInt8)

    var key: Int {
        switch self {
        case .stored: 0
        case .alreadyExists: 1
        case .notFound: 2
        case .conflict: 3
        case .deleted: 4
        case .failed: 5
        case .outOfTime: 6
        case .found(let holder): 16 + 2 * holder
        case .expired(let holder): 17 + 2 * holder
        case .regions(let ids): 32 + Int(ids)
        }
    }

    var event: ClaimMachine.Event {
        switch self {
        case .stored: .stored(Machines.current)
        case .alreadyExists: .alreadyExists
        case .notFound: .notFound
        case .conflict: .conflict
        case .deleted: .deleted
        case .failed: .failed
        case .outOfTime: .outOfTime
        case .found(let holder): .found(Self.lease(holder), unchangedFor: Self.age(isExpired: false))
        case .expired(let holder): .found(Self.lease(holder), unchangedFor: Self.age(isExpired: true))
        case .regions(let ids):
            .regions(Machines.ids(ids).map { Declaration(id: $0, region: ObjectName(namespace: "r", name: "x")) })
        }
    }

    private static func lease(_ holder: Int) -> Lease {
        Lease(version: Machines.current, holder: Machines.name(holder))
    }

    /// By the real table: the last moment before the time to live is over, and the first after.
    private static func age(isExpired: Bool) -> Duration {
        var observations = LeaseObservations()
        let last = ClaimLimits.timeToLive - (isExpired ? .zero : .nanoseconds(1))
        _ = observations.see("l", Machines.current, at: MonotonicTime(sinceOrigin: .zero))
        return observations.see("l", Machines.current, at: MonotonicTime(sinceOrigin: last))
    }
}
