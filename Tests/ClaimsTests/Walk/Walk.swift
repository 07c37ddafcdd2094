/// Visits every world that can be reached, breadth first.
struct Walk {
    enum Fault: Hashable, CustomStringConvertible {
        /// Two Regions declare one id.
        case duplicate
        /// A Lease that nobody can be rid of.
        case eternalLock

        var description: String { self == .duplicate ? "two Regions declare one id" : "a lock stays for ever" }
    }

    struct Found {
        var states = 0
        var fault: Fault?
        /// What led to it.
        var trace: [String] = []
        /// Requests of which at least one end was that they were stored.
        var stored: Set<Int> = []
        var isComplete = false
    }

    /// More than any scenario needs: a walk that comes here has a state that grows.
    static let maximumStates = 40_000_000

    static func run(_ scenario: Scenario, _ variant: Variant = .whole) -> Found {
        var steps = WorldSteps(scenario, variant)
        let layout = steps.layout
        let start = layout.start(scenario)
        var worlds = [start]
        var seen: Set<World> = [start]
        var origins: [(from: Int32, label: WorldSteps.Label)] = [(0, WorldSteps.Label(kind: .start))]
        var unlockable: [[UInt8]: Bool] = [:]
        var found = Found()
        var next = 0
        while next < worlds.count, worlds.count < maximumStates {
            steps.find(from: worlds[next])
            for (label, world) in steps.found where seen.insert(world).inserted {
                worlds.append(world)
                origins.append((Int32(next), label))
                if label.kind == .store { found.stored.insert(Int(label.request)) }
                if let fault = fault(world, layout, steps, &unlockable) {
                    found.fault = fault
                    found.trace = trace(to: worlds.count - 1, origins, worlds, steps)
                    found.states = worlds.count
                    return found
                }
            }
            next += 1
        }
        found.states = worlds.count
        found.isComplete = next == worlds.count
        return found
    }

    private static func fault(
        _ world: World, _ layout: WorldLayout, _ steps: WorldSteps, _ unlockable: inout [[UInt8]: Bool]
    ) -> Fault? {
        var declared: UInt8 = 0
        for region in 0..<layout.regions {
            let stored = world.bytes[layout.region(region)]
            guard stored & WorldLayout.present != 0 else { continue }
            if declared & stored & WorldLayout.idBits != 0 { return .duplicate }
            declared |= stored & WorldLayout.idBits
        }
        return canUnlock(world, layout, steps, &unlockable) ? nil : .eternalLock
    }

    /// Whether all locks go where every request gives up, every delivery is abandoned, and the collector goes on alone. That
    /// depends on the Leases only.
    private static func canUnlock(
        _ world: World, _ layout: WorldLayout, _ steps: WorldSteps, _ unlockable: inout [[UInt8]: Bool]
    ) -> Bool {
        var abandoned = world
        for request in 0..<layout.requests {
            abandoned.bytes[layout.request(request)] = WorldLayout.ended
            abandoned.bytes[layout.request(request) + 1] = 0
            for offset in 0..<WorldLayout.deliverySize * layout.deliveries {
                abandoned.bytes[layout.delivery(request, 0) + offset] = 0
            }
        }
        for id in 0..<layout.ids { abandoned.bytes[layout.lease(id) + 1] = 0 }
        let leases = (0..<layout.ids).map { abandoned.bytes[layout.lease($0)] }
        if leases.allSatisfy({ $0 == 0 }) { return true }
        if let known = unlockable[leases] { return known }
        var steps = steps
        // Two steps for each Lease: to decide and to delete.
        for _ in 0..<2 * layout.ids {
            steps.find(from: abandoned)
            guard let collected = steps.found.first(where: { $0.label.kind == .collect }) else { break }
            abandoned = collected.world
        }
        let isUnlocked = (0..<layout.ids).allSatisfy { abandoned.bytes[layout.lease($0)] == 0 }
        unlockable[leases] = isUnlocked
        return isUnlocked
    }

    private static func trace(
        to last: Int, _ origins: [(from: Int32, label: WorldSteps.Label)], _ worlds: [World], _ steps: WorldSteps
    ) -> [String] {
        var lines: [String] = []
        var index = last
        while index > 0 {
            let origin = origins[index]
            let before = worlds[Int(origin.from)]
            let at = steps.layout.delivery(Int(origin.label.request), Int(origin.label.slot))
            let number = Int(before.bytes[at]) | Int(before.bytes[at + 1]) << 8
            var line = "\(origin.label.kind) request \(origin.label.request).\(origin.label.slot)"
            if origin.label.kind == .collect { line = "collect" }
            if number > Machines.ended, [.call, .fail, .outOfTime].contains(origin.label.kind) {
                line += " \(steps.machines[number].call)"
            }
            lines.append(line)
            index = Int(origin.from)
        }
        return lines.reversed()
    }
}
