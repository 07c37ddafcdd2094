@testable import Claims

/// What the webhooks do, and what it does to etcd.
extension WorldSteps {
    // MARK: Deliveries

    mutating func advance(_ request: Int, _ slot: Int, _ bytes: [UInt8]) {
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

    mutating func answer(
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
    func perform(
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
    func put(_ lease: Int, _ holder: String?, _ next: inout [UInt8]) {
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

    func mayBeExpired(_ lease: Int, _ bytes: [UInt8]) -> Bool {
        bytes[lease + 1] == 0 || variant == .timeToLiveTooShort
    }

    // MARK: Collection

    /// A DELETE whose precondition does not hold does nothing: to decide on it and to do it may be one step, but where there
    /// is no precondition.
    mutating func collect(_ bytes: [UInt8]) {
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
}
