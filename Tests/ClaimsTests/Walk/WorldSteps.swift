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
    private(set) var found: [(label: Label, world: World)] = []

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

    private mutating func add(_ kind: Label.Kind, _ request: Int, slot: Int = 0, _ bytes: [UInt8]) {
        var bytes = bytes
        normalize(&bytes)
        found.append((Label(kind: kind, request: UInt8(request), slot: UInt8(slot)), World(bytes: bytes)))
    }

    // MARK: Requests

    private mutating func start(_ request: Int, _ bytes: [UInt8]) {
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
    private func admit(_ request: Int, _ next: inout [UInt8], object: UInt8, old: UInt8, isBeingDeleted: Bool) {
        let at = layout.request(request)
        next[at] = WorldLayout.open
        next[at + 1] = object << 4 | old
        let isExempt = variant == .objectsBeingDeletedAreExempt && isBeingDeleted
        deliver(request, 0, &next, isExempt: isExempt)
    }

    private mutating func deliverAgain(_ request: Int, _ bytes: [UInt8]) {
        for slot in 0..<layout.deliveries where number(bytes, request, slot) == Machines.none {
            var next = bytes
            deliver(request, slot, &next, isExempt: false)
            add(.start, request, slot: slot, next)
            return
        }
    }

    private func deliver(_ request: Int, _ slot: Int, _ next: inout [UInt8], isExempt: Bool) {
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

    private func note(_ answer: ClaimMachine.Outcome?, _ request: Int, _ next: inout [UInt8]) {
        let at = layout.request(request)
        if answer == .unique, next[at] & WorldLayout.phaseBits == WorldLayout.open {
            next[at] = next[at] & ~WorldLayout.phaseBits | WorldLayout.admitted
        }
    }

    private mutating func store(_ request: Int, _ bytes: [UInt8]) {
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
    private func write(_ region: Int, _ value: UInt8, _ next: inout [UInt8]) {
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
    private func end(_ request: Int, _ next: inout [UInt8]) {
        next[layout.request(request)] = WorldLayout.ended
        next[layout.request(request) + 1] = 0
        for id in 0..<layout.ids { next[layout.lease(id) + 1] &= ~(1 << UInt8(request)) }
    }

    // MARK: Deliveries

    private mutating func advance(_ request: Int, _ slot: Int, _ bytes: [UInt8]) {
        let at = layout.delivery(request, slot)
        if bytes[at + 2] != 0 {
            var next = bytes
            next[at + 2] = 0
            _ = perform(machines.call(Int(bytes[at + 2])), &next)
            add(.late, request, slot: slot, next)
        }
        let machine = number(bytes, request, slot)
        guard machine > Machines.ended else { return }
        let call = machines[machine].call
        var next = bytes
        let events = perform(call, &next, by: (request, slot))
        for event in events { answer(event, .call, request, slot, next) }
        guard bytes[layout.faults] > 0, bytes[at + 2] == 0 else { return }
        next = bytes
        next[layout.faults] -= 1
        next[at + 2] = UInt8(machines.number(ofPending: call))
        let isLook = call == .listRegions && variant == .failedLookTakenAsEmpty
        answer(isLook ? .regions(0) : .failed, .fail, request, slot, next)
        answer(.outOfTime, .outOfTime, request, slot, next)
    }

    private mutating func answer(
        _ event: WorldEvent, _ kind: Label.Kind, _ request: Int, _ slot: Int, _ bytes: [UInt8]
    ) {
        var next = bytes
        let result = machines.handle(
            number(bytes, request, slot), event.key, undoesRenewed: variant == .undoOfRenewedLeases, event.event)
        set(result.next, &next, request, slot)
        note(result.answer, request, &next)
        add(kind, request, slot: slot, next)
    }

    /// Does a call, and says what its caller may be told.
    private func perform(
        _ call: ClaimMachine.Call, _ next: inout [UInt8], by delivery: (request: Int, slot: Int)? = nil
    ) -> [WorldEvent] {
        switch call {
        case .create(let name, let holder):
            let lease = machines.lease(name)
            guard next[layout.lease(lease)] == 0 else { return [.alreadyExists] }
            put(lease, holder, &next)
            return [.stored]
        case .read(let name):
            let at = layout.lease(machines.lease(name))
            guard next[at] != 0 else { return [.notFound] }
            let holder = Int(next[at]) - 1
            return mayBeExpired(at, next) ? [.found(holder), .expired(holder)] : [.found(holder)]
        case .update(let name, let holder, let version):
            let lease = machines.lease(name)
            let stored = next[layout.lease(lease)]
            guard stored != 0 else { return [.notFound] }
            let isRenewal = Machines.name(Int(stored) - 1) == holder
            if isRenewal, variant == .noRenewal { return [.stored] }
            guard version == Machines.current || (variant == .noPreconditionOnTakeover && !isRenewal) else {
                return [.conflict]
            }
            if !(isRenewal && variant == .noNonce) { put(lease, holder, &next) }
            return [.stored]
        case .delete(let name, let version):
            let lease = machines.lease(name)
            guard version == Machines.current || variant == .noPreconditionOnUndo else { return [.deleted] }
            put(lease, nil, &next)
            return [.deleted]
        case .listRegions:
            guard let delivery else { return [] }
            var elsewhere = looks.elsewhere(next, layout, scenario.requests[delivery.request].region)
            if variant == .noLook { elsewhere = 0 }
            if variant == .lookBeforeTheClaims {
                elsewhere = next[layout.delivery(delivery.request, delivery.slot) + 3]
            }
            let claimed = machines[number(next, delivery.request, delivery.slot)].machine.claims
            return [.regions(elsewhere & claimed.reduce(0) { $0 | 1 << UInt8(Machines.idNumber($1)) })]
        }
    }

    /// Stores a Lease's new version, or none. Whatever anybody knew of it is outdated.
    private func put(_ lease: Int, _ holder: String?, _ next: inout [UInt8]) {
        let at = layout.lease(lease)
        next[at] = 0
        next[at + 1] = 0
        if let holder {
            for region in 0..<layout.regions where Machines.name(region) == holder { next[at] = UInt8(region + 1) }
            for request in 0..<layout.requests {
                let phase = next[layout.request(request)] & WorldLayout.phaseBits
                if phase == WorldLayout.open || phase == WorldLayout.admitted { next[at + 1] |= 1 << UInt8(request) }
            }
        }
        for request in 0..<layout.requests {
            for slot in 0..<layout.deliveries {
                set(machines.outdate(number(next, request, slot), lease), &next, request, slot)
                let pending = layout.delivery(request, slot) + 2
                next[pending] = UInt8(machines.outdateCall(Int(next[pending]), lease))
            }
        }
    }

    private func mayBeExpired(_ lease: Int, _ bytes: [UInt8]) -> Bool {
        bytes[lease + 1] == 0 || variant == .timeToLiveTooShort
    }

    // MARK: Collection

    /// A DELETE whose precondition does not hold does nothing: to decide on it and to do it may be one step, but where there
    /// is no precondition.
    private mutating func collect(_ bytes: [UInt8]) {
        if bytes[layout.collecting] != 0 {
            var next = bytes
            put(Int(bytes[layout.collecting]) - 1, nil, &next)
            next[layout.collecting] = 0
            add(.collect, 0, slot: 1, next)
            return
        }
        guard variant != .noCollection else { return }
        for lease in 0..<layout.ids {
            let at = layout.lease(lease)
            guard bytes[at] != 0, mayBeExpired(at, bytes), looks.isCollectedWhenExpired else { continue }
            var next = bytes
            if variant == .noPreconditionOnCollection {
                next[layout.collecting] = UInt8(lease + 1)
            } else {
                put(lease, nil, &next)
            }
            add(.collect, lease, next)
        }
    }

    // MARK: Bytes

    private func number(_ bytes: [UInt8], _ request: Int, _ slot: Int) -> Int {
        let at = layout.delivery(request, slot)
        return Int(bytes[at]) | Int(bytes[at + 1]) << 8
    }

    private func set(_ number: Int, _ bytes: inout [UInt8], _ request: Int, _ slot: Int) {
        let at = layout.delivery(request, slot)
        bytes[at] = UInt8(truncatingIfNeeded: number)
        bytes[at + 1] = UInt8(truncatingIfNeeded: number >> 8)
    }

    /// One world for all that differ in nothing that matters: what can have no effect any more is done, or forgotten.
    private func normalize(_ bytes: inout [UInt8]) {
        for request in 0..<layout.requests {
            for slot in 0..<layout.deliveries { settle(request, slot, &bytes) }
            if !canBeStored(request, bytes) { end(request, &bytes) }
            if layout.deliveries == 2 { sort(request, &bytes) }
        }
    }

    /// Does calls that can do nothing: a precondition that fails now will never hold. A machine that has nothing left but to
    /// look what to say has come to its end, and so has one of an ended request that was not started.
    private func settle(_ request: Int, _ slot: Int, _ bytes: inout [UInt8]) {
        let at = layout.delivery(request, slot)
        if bytes[at + 2] != 0, isDone(machines.call(Int(bytes[at + 2]))) { bytes[at + 2] = 0 }
        var machine = number(bytes, request, slot)
        while machine > Machines.ended {
            let state = machines[machine]
            if case .lookingAfterConflict = state.machine.phase {
                machine = Machines.ended
                break
            }
            guard state.call != .listRegions, isDone(state.call) else { break }
            var event = WorldEvent.deleted
            if case .update = state.call { event = .conflict }
            if case .read = state.call { break }
            machine = machines.handle(machine, event.key, undoesRenewed: false, event.event).next
        }
        let isEnded = bytes[layout.request(request)] & WorldLayout.phaseBits == WorldLayout.ended
        if isEnded, machine == Machines.none { machine = Machines.ended }
        if machine <= Machines.ended { bytes[at + 3] = 0 }
        set(machine, &bytes, request, slot)
    }

    /// Whether a request is under way whose object can still be stored. One that cannot only keeps others waiting.
    private func canBeStored(_ request: Int, _ bytes: [UInt8]) -> Bool {
        let state = bytes[layout.request(request)]
        if state & WorldLayout.isOutdated != 0 { return false }
        if state & WorldLayout.phaseBits != WorldLayout.open { return true }
        return (0..<layout.deliveries).contains { slot in
            let machine = number(bytes, request, slot)
            return machine == Machines.none || (machine > Machines.ended && machines[machine].machine.canBeUnique)
        }
    }

    /// Which of two deliveries came first is of no account.
    private func sort(_ request: Int, _ bytes: inout [UInt8]) {
        let first = layout.delivery(request, 0)
        let second = layout.delivery(request, 1)
        guard number(bytes, request, 1) != Machines.none else { return }
        for offset in 0..<WorldLayout.deliverySize where bytes[first + offset] != bytes[second + offset] {
            if bytes[first + offset] > bytes[second + offset] {
                for offset in 0..<WorldLayout.deliverySize { bytes.swapAt(first + offset, second + offset) }
            }
            return
        }
    }

    private func isDone(_ call: ClaimMachine.Call) -> Bool {
        switch call {
        case .create: false
        case .read, .listRegions: false
        case .update(_, _, let version): version != Machines.current && variant != .noPreconditionOnTakeover
        case .delete(_, let version): version != Machines.current && variant != .noPreconditionOnUndo
        }
    }
}
