import KubernetesTypes

@testable import Claims

/// The real state machines, each state of them once, by number: the walk meets the same few thousand states millions of
/// times, and asks a machine only what it has not been asked before.
final class Machines {
    struct Running: Hashable {
        var machine: ClaimMachine
        var call: ClaimMachine.Call
    }

    /// What became of an event: the machine's next state, and its answer.
    struct Result {
        let next: Int
        let answer: ClaimMachine.Outcome?
    }

    /// Numbers of deliveries without a running machine.
    static let none = 0
    static let ended = 1
    private static let firstRunning = 2

    static let current = LeaseVersion(uid: "u", resourceVersion: "current")
    static let outdated = LeaseVersion(uid: "u", resourceVersion: "outdated")

    private var running: [Running] = []
    private var numbers: [Running: Int] = [:]
    private var calls: [ClaimMachine.Call] = []
    private var callNumbers: [ClaimMachine.Call: Int] = [:]
    private var results: [Int: Result] = [:]
    private var outdatedNumbers: [Int: Int] = [:]
    private var starts: [Int: Result] = [:]

    static func name(_ region: Int) -> String { ObjectName(namespace: "r", name: String(region)).description }
    static func id(_ number: Int) -> String { String(number) }
    static func idNumber(_ claim: Claim) -> Int { Int(claim.id) ?? 0 }
    private let leases = (0..<4).map { Claim(id: Machines.id($0)).lease }

    func lease(_ name: String) -> Int { leases.firstIndex(of: name) ?? 0 }

    subscript(number: Int) -> Running { running[number - Self.firstRunning] }
    func call(_ number: Int) -> ClaimMachine.Call { calls[number - 1] }

    /// The number of a call that may still change something, 0 for one that cannot.
    func number(ofPending call: ClaimMachine.Call) -> Int {
        switch call {
        case .read, .listRegions: return 0
        case .create, .update, .delete:
            if let number = callNumbers[call] { return number }
            calls.append(call)
            callNumbers[call] = calls.count
            return calls.count
        }
    }

    private func number(_ machine: ClaimMachine, _ step: ClaimMachine.Step) -> Result {
        guard let call = step.call else { return Result(next: Self.ended, answer: step.answer) }
        let state = Running(machine: machine, call: call)
        if let number = numbers[state] { return Result(next: number, answer: step.answer) }
        running.append(state)
        let number = running.count - 1 + Self.firstRunning
        numbers[state] = number
        return Result(next: number, answer: step.answer)
    }

    /// A new machine for a Region's object, which replaces another.
    func start(_ region: Int, declared: UInt8, before: UInt8) -> Result {
        let key = region << 16 | Int(declared) << 8 | Int(before)
        if let known = starts[key] { return known }
        let claims = Claim.all(declared: Self.ids(declared), before: Self.ids(before))
        var result = Result(next: Self.ended, answer: .unique)
        // Without a claim nothing is asked.
        if !claims.isEmpty {
            var machine = ClaimMachine(claims: claims, holder: Self.name(region))
            let step = machine.start()
            result = number(machine, step)
        }
        starts[key] = result
        return result
    }

    static func ids(_ bits: UInt8) -> [String] { (0..<8).filter { bits & 1 << $0 != 0 }.map(id) }

    /// What a machine makes of an event. `key` stands for the event.
    func handle(_ number: Int, _ key: Int, undoesRenewed: Bool, _ event: @autoclosure () -> ClaimMachine.Event)
        -> Result
    {
        let key = number << 8 | key
        if let known = results[key] { return known }
        var machine = self[number].machine
        let step = machine.handle(event())
        if undoesRenewed {
            for index in machine.held.indices where machine.held[index].undoable == nil {
                machine.held[index].undoable = Self.current
            }
        }
        let result = self.number(machine, step)
        results[key] = result
        return result
    }

    /// The same machine after a Lease has changed: what it knew as the stored version is not that any more.
    func outdate(_ number: Int, _ lease: Int) -> Int {
        guard number >= Self.firstRunning else { return number }
        let key = number << 2 | lease
        if let known = outdatedNumbers[key] { return known }
        var state = self[number]
        state.call = outdate(state.call, lease)
        for index in state.machine.held.indices where state.machine.held[index].claim.lease == leases[lease] {
            if state.machine.held[index].undoable != nil { state.machine.held[index].undoable = Self.outdated }
        }
        let result = self.number(state.machine, ClaimMachine.Step(call: state.call)).next
        outdatedNumbers[key] = result
        return result
    }

    func outdateCall(_ number: Int, _ lease: Int) -> Int {
        number == 0 ? 0 : self.number(ofPending: outdate(call(number), lease))
    }

    private func outdate(_ call: ClaimMachine.Call, _ lease: Int) -> ClaimMachine.Call {
        switch call {
        case .update(leases[lease], let holder, _): .update(leases[lease], holder: holder, replacing: Self.outdated)
        case .delete(leases[lease], _): .delete(leases[lease], Self.outdated)
        default: call
        }
    }
}

extension ClaimMachine {
    /// Whether it may still answer that the ids are its request's.
    var canBeUnique: Bool {
        switch phase {
        case .idle, .creating, .reading, .updating, .looking: true
        case .undoing, .lookingAfterConflict, .finished: false
        }
    }
}
