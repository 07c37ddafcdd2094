import KubernetesTypes

@testable import Claims

/// What a LIST shows and what a collector does, by the real code, each once.
final class Looks {
    private let passesOverObjectsBeingDeleted: Bool
    private var listings: [Int: UInt8] = [:]

    init(passesOverObjectsBeingDeleted: Bool) {
        self.passesOverObjectsBeingDeleted = passesOverObjectsBeingDeleted
    }

    /// The ids that Regions other than one declare.
    func elsewhere(_ bytes: [UInt8], _ layout: WorldLayout, _ region: Int) -> UInt8 {
        var key = region
        for index in 0..<layout.regions { key = key << 8 | Int(bytes[layout.region(index)]) }
        if let known = listings[key] { return known }
        var listing = RegionListing()
        for index in 0..<layout.regions {
            let stored = bytes[layout.region(index)]
            guard stored & WorldLayout.present != 0 else { continue }
            if passesOverObjectsBeingDeleted, stored & WorldLayout.isBeingDeleted != 0 { continue }
            listing.add(Self.name(index), declares: Machines.ids(stored & WorldLayout.idBits))
        }
        let claims = (0..<layout.ids).map { Claim(id: Machines.id($0)) }
        var ids: UInt8 = 0
        for declaration in listing.declarations(of: claims, otherThan: Self.name(region)) {
            ids |= 1 << UInt8(Machines.idNumber(Claim(id: declaration.id)))
        }
        listings[key] = ids
        return ids
    }

    private static func name(_ region: Int) -> ObjectName { ObjectName(namespace: "r", name: String(region)) }

    /// Whether the real collector deletes a Lease it has seen unchanged for the time to live, and not before.
    let isCollectedWhenExpired: Bool = {
        var observations = LeaseObservations()
        let collector = LeaseCollector()
        let leases = [(name: Claim(id: "0").lease, version: Machines.current)]
        let times: [Duration] = [
            .zero, ClaimLimits.timeToLive - .nanoseconds(1), ClaimLimits.timeToLive,
        ]
        let counts = times.map {
            collector.expired(among: leases, &observations, at: MonotonicTime(sinceOrigin: $0)).count
        }
        return counts == [0, 0, 1]
    }()
}
