@testable import Claims

/// What can happen next in a world: each a step that is atomic where it happens, in etcd.
///
/// Three things of the real one need no step of their own, since what they make possible is possible without:
/// - *A replica dies.* A delivery whose machine is never asked again is dead, and nothing obliges the walk to ask one. Its
///   last call may be done or not. The API server may send the request again at any time.
/// - *Which replica.* Each has its own table of what it saw unchanged. Who saw a version from the first moment of its being
///   may take it over before all who saw it later, and is never obliged to: every delivery is given the table of such a
///   one, and a choice.
/// - *A request starts before its first delivery.* What it reads then is only older, and so more easily outdated.
///
/// Time is in one rule: an observation is as old as the time to live only if every request that was under way when it
/// began has come to its end, stored or not. That is what the time to live is chosen for.
struct WorldSteps {
    let scenario: Scenario
    let layout: WorldLayout
    let variant: Variant
    let machines = Machines()
    let looks: Looks
    var found: [(label: Label, world: World)] = []

    /// What happened, for the trace of a failure.
    struct Label: Sendable {
        enum Kind: UInt8, Sendable { case start, call, fail, late, store, giveUp, collect, outOfTime }
        var kind: Kind
        var request: UInt8 = 0
        var slot: UInt8 = 0
    }

    init(_ scenario: Scenario, _ variant: Variant) {
        self.scenario = scenario
        self.variant = variant
        layout = WorldLayout(scenario)
        looks = Looks(passesOverObjectsBeingDeleted: variant == .lookPassesOverObjectsBeingDeleted)
    }

    /// All that can follow upon a world, in `found`.
    mutating func find(from world: World) {
        found.removeAll(keepingCapacity: true)
        let bytes = world.bytes
        for request in 0..<layout.requests {
            let phase = bytes[layout.request(request)] & WorldLayout.phaseBits
            if phase == WorldLayout.notStarted {
                start(request, bytes)
                continue
            }
            if phase != WorldLayout.ended { deliverAgain(request, bytes) }
            if phase == WorldLayout.admitted { store(request, bytes) }
            if phase != WorldLayout.ended {
                var next = bytes
                end(request, &next)
                add(.giveUp, request, next)
            }
            for slot in 0..<layout.deliveries { advance(request, slot, bytes) }
        }
        collect(bytes)
    }

    mutating func add(_ kind: Label.Kind, _ request: Int, slot: Int = 0, _ bytes: [UInt8]) {
        var bytes = bytes
        normalize(&bytes)
        found.append((Label(kind: kind, request: UInt8(request), slot: UInt8(slot)), World(bytes: bytes)))
    }

    // MARK: Requests

    mutating func start(_ request: Int, _ bytes: [UInt8]) {
        let kind = scenario.requests[request]
        let stored = bytes[layout.region(kind.region)]
        let isPresent = stored & WorldLayout.present != 0
        let isBeingDeleted = stored & WorldLayout.isBeingDeleted != 0
        var next = bytes
        switch kind {
        case .create(_, let ids):
            admit(request, &next, object: ids, old: 0, isBeingDeleted: false)
            add(.start, request, next)
        case .patch(_, let toAdd, let toRemove):
            guard isPresent else { return }
            let old = stored & WorldLayout.idBits
            admit(request, &next, object: old & ~toRemove | toAdd, old: old, isBeingDeleted: isBeingDeleted)
            add(.start, request, next)
        case .delete(let region), .finalize(let region):
            if case .finalize = kind, !isBeingDeleted { return }
            guard isPresent else { return }
            write(region, 0, &next)
            end(request, &next)
            add(.start, request, next)
        case .mark(let region):
            guard isPresent else { return }
            write(region, stored | WorldLayout.isBeingDeleted, &next)
            end(request, &next)
            add(.start, request, next)
        }
    }

    /// Starts a request with its first delivery.
    func admit(_ request: Int, _ next: inout [UInt8], object: UInt8, old: UInt8, isBeingDeleted: Bool) {
        let at = layout.request(request)
        next[at] = WorldLayout.open
        next[at + 1] = object << 4 | old
        let isExempt = variant == .objectsBeingDeletedAreExempt && isBeingDeleted
        deliver(request, 0, &next, isExempt: isExempt)
    }

    mutating func deliverAgain(_ request: Int, _ bytes: [UInt8]) {
        for slot in 0..<layout.deliveries where number(bytes, request, slot) == Machines.none {
            var next = bytes
            deliver(request, slot, &next, isExempt: false)
            add(.start, request, slot: slot, next)
            return
        }
    }

    func deliver(_ request: Int, _ slot: Int, _ next: inout [UInt8], isExempt: Bool) {
        let ids = next[layout.request(request) + 1]
        let region = scenario.requests[request].region
        let before = isExempt ? ids >> 4 : ids & 0x0F
        let result = machines.start(region, declared: ids >> 4, before: before)
        set(result.next, &next, request, slot)
        if variant == .lookBeforeTheClaims {
            next[layout.delivery(request, slot) + 3] = looks.elsewhere(next, layout, region)
        }
        note(result.answer, request, &next)
    }

    func note(_ answer: ClaimMachine.Outcome?, _ request: Int, _ next: inout [UInt8]) {
        let at = layout.request(request)
        if answer == .unique, next[at] & WorldLayout.phaseBits == WorldLayout.open {
            next[at] = next[at] & ~WorldLayout.phaseBits | WorldLayout.admitted
        }
    }

    mutating func store(_ request: Int, _ bytes: [UInt8]) {
        var next = bytes
        let region = scenario.requests[request].region
        let stored = bytes[layout.region(region)]
        let isPresent = stored & WorldLayout.present != 0
        let ids = bytes[layout.request(request) + 1] >> 4
        if case .create = scenario.requests[request] {
            guard !isPresent else { return }
            write(region, WorldLayout.present | ids, &next)
        } else {
            guard isPresent, bytes[layout.request(request)] & WorldLayout.isOutdated == 0 else { return }
            write(region, stored & ~WorldLayout.idBits | ids, &next)
        }
        end(request, &next)
        add(.store, request, next)
    }

    /// Writes a Region. Updates that read it before will not be stored.
    func write(_ region: Int, _ value: UInt8, _ next: inout [UInt8]) {
        next[layout.region(region)] = value
        for (index, request) in scenario.requests.enumerated() where request.region == region {
            guard case .patch = request else { continue }
            let phase = next[layout.request(index)] & WorldLayout.phaseBits
            if phase == WorldLayout.open || phase == WorldLayout.admitted {
                next[layout.request(index)] |= WorldLayout.isOutdated
            }
        }
    }

    /// Stored, refused or given up: nothing more comes of it.
    func end(_ request: Int, _ next: inout [UInt8]) {
        next[layout.request(request)] = WorldLayout.ended
        next[layout.request(request) + 1] = 0
        for id in 0..<layout.ids { next[layout.lease(id) + 1] &= ~(1 << UInt8(request)) }
    }

    // MARK: Bytes

    func number(_ bytes: [UInt8], _ request: Int, _ slot: Int) -> Int {
        let at = layout.delivery(request, slot)
        return Int(bytes[at]) | Int(bytes[at + 1]) << 8
    }

    func set(_ number: Int, _ bytes: inout [UInt8], _ request: Int, _ slot: Int) {
        let at = layout.delivery(request, slot)
        bytes[at] = UInt8(truncatingIfNeeded: number)
        bytes[at + 1] = UInt8(truncatingIfNeeded: number >> 8)
    }
}
