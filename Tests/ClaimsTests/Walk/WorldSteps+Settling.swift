@testable import Claims

extension WorldSteps {
    /// One world for all that differ in nothing that matters: what can have no effect any more is done, or forgotten.
    func normalize(_ bytes: inout [UInt8]) {
        for request in 0..<layout.requests {
            for slot in 0..<layout.deliveries { settle(request, slot, &bytes) }
            if !canBeStored(request, bytes) { end(request, &bytes) }
            if layout.deliveries == 2 { sort(request, &bytes) }
        }
    }

    /// Does calls that can do nothing: a precondition that fails now will never hold. A machine that has nothing left but to
    /// look what to say has come to its end, and so has one of an ended request that was not started.
    func settle(_ request: Int, _ slot: Int, _ bytes: inout [UInt8]) {
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
    func canBeStored(_ request: Int, _ bytes: [UInt8]) -> Bool {
        let state = bytes[layout.request(request)]
        if state & WorldLayout.isOutdated != 0 { return false }
        if state & WorldLayout.phaseBits != WorldLayout.open { return true }
        return (0..<layout.deliveries).contains { slot in
            let machine = number(bytes, request, slot)
            return machine == Machines.none || (machine > Machines.ended && machines[machine].machine.canBeUnique)
        }
    }

    /// Which of two deliveries came first is of no account.
    func sort(_ request: Int, _ bytes: inout [UInt8]) {
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

    func isDone(_ call: ClaimMachine.Call) -> Bool {
        switch call {
        case .create: false
        case .read, .listRegions: false
        case .update(_, _, let version): version != Machines.current && variant != .noPreconditionOnTakeover
        case .delete(_, let version): version != Machines.current && variant != .noPreconditionOnUndo
        }
    }
}
