/// One state of everything: what etcd holds, what the requests have come to, and what the webhooks are doing.
///
/// Bytes, since millions of them are compared. A version of a Lease is one of two: it is what is stored, or it will never
/// be again. What a reference to a version can still do depends on nothing else.
struct World: Hashable {
    var bytes: [UInt8]
}

/// Where in the bytes what is.
struct WorldLayout {
    let regions: Int
    let ids: Int
    let requests: Int
    let deliveries: Int

    init(_ scenario: Scenario) {
        regions = scenario.regions.count
        ids = scenario.ids
        requests = scenario.requests.count
        deliveries = scenario.deliveries
    }

    /// Faults that may still happen.
    let faults = 0
    /// The Lease that a collector is about to delete, its number + 1, where it does so without a precondition.
    let collecting = 1
    private let head = 2
    func region(_ index: Int) -> Int { head + index }
    /// Two bytes: the holder's number + 1, or 0; and the requests that were under way when it was written and still are.
    func lease(_ id: Int) -> Int { head + regions + 2 * id }
    /// Two bytes: phase, and the ids of the object and of the one it replaces.
    func request(_ index: Int) -> Int { head + regions + 2 * ids + 2 * index }
    /// Four bytes: the machine's number in two, the number of a call that may yet be done, and what an early look saw.
    func delivery(_ request: Int, _ slot: Int) -> Int {
        head + regions + 2 * ids + 2 * requests + Self.deliverySize * (request * deliveries + slot)
    }
    static let deliverySize = 4
    var size: Int { delivery(requests, 0) }

    // A Region.
    static let present: UInt8 = 0x80
    static let isBeingDeleted: UInt8 = 0x40
    static let idBits: UInt8 = 0x0F

    // A request.
    static let notStarted: UInt8 = 0
    static let open: UInt8 = 1
    static let admitted: UInt8 = 2
    static let ended: UInt8 = 3
    static let phaseBits: UInt8 = 0x03
    /// The object was written since the request read it: the API server will not store this one.
    static let isOutdated: UInt8 = 0x80

    func start(_ scenario: Scenario) -> World {
        var bytes = [UInt8](repeating: 0, count: size)
        bytes[faults] = UInt8(scenario.faults)
        for (index, stored) in scenario.regions.enumerated() {
            guard let stored else { continue }
            bytes[region(index)] = Self.present | (stored.isBeingDeleted ? Self.isBeingDeleted : 0) | stored.ids
        }
        return World(bytes: bytes)
    }
}
