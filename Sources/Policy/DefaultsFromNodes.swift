import KubernetesTypes
import RegionAPI

/// What the Nodes of a class agree on: what a flavor of that class can be said to be. Nil is what they do not agree on, or
/// what one of them does not say; nothing is guessed.
struct ClassProfile {
    struct GPU: Equatable {
        let vendor: Machine.GPUVendor
        let model: String
        /// Whole GiB of one card.
        let memory: Int64
        let count: Int64
    }

    let cpus: Int64?
    /// Whole GiB.
    let memory: Int64?
    /// Whole GiB of ephemeral storage.
    let disk: Int64?
    let gpu: GPU?

    init(_ machines: [Machine]) {
        cpus = Self.common(machines) { machine in
            machine.cpus.flatMap { (1...Rule.maximumCPUs).contains($0) ? $0 : nil }
        }
        memory = Self.common(machines) { Self.gibibytes($0.memory) }
        disk = Self.common(machines) { Self.gibibytes($0.ephemeralStorage) }
        gpu = Self.common(machines) { machine in
            guard let vendor = machine.gpuVendor, machine.gpus > 0, let model = machine.gpuModel,
                let memory = Self.gibibytes(model.memory)
            else { return nil }
            return GPU(vendor: vendor, model: model.name, memory: memory, count: machine.gpus)
        }
    }

    /// Rounded down; nothing where that is nothing.
    private static func gibibytes(_ bytes: Int64?) -> Int64? {
        guard let bytes, bytes >= SizeUnit.gibibytes.bytes else { return nil }
        return bytes / SizeUnit.gibibytes.bytes
    }

    private static func common<Fact: Equatable>(_ machines: [Machine], _ fact: (Machine) -> Fact?) -> Fact? {
        guard let first = machines.first, let value = fact(first) else { return nil }
        return machines.dropFirst().allSatisfy { fact($0) == value } ? value : nil
    }
}

extension Default {
    /// Appends what flavors lack and the Nodes of their classes say. Returns what was learnt, by a flavor's place.
    static func fromNodes(
        _ flavors: [Flavor], _ inventory: Inventory, _ defaults: inout [Default]
    ) -> [Int: ClassProfile] {
        guard inventory.knowsNodes else { return [:] }
        // Of several flavors with one id the Nodes are looked at once: there may be thousands of either.
        var known: [UUIDKey: ClassProfile] = [:]
        var profiles: [Int: ClassProfile] = [:]
        for flavor in flavors where flavor.lacksWhatNodesSay {
            guard let id = flavor.id.content, let key = flavor.uuid else { continue }
            let profile = known[key] ?? ClassProfile(inventory.machines(of: String(id)))
            known[key] = profile
            profiles[flavor.index] = profile
            add(profile, to: flavor, &defaults)
        }
        return profiles
    }

    private static func add(_ profile: ClassProfile, to flavor: Flavor, _ defaults: inout [Default]) {
        if flavor.lacksCPUCount, let cpus = profile.cpus {
            let cpu = flavor.path.field("cpu")
            defaults.append(
                flavor.cpu.content.map { present in
                    Default(
                        id: .fromNodes, path: cpu.field("count"), content: .integer(cpus), parent: present.value.index,
                        key: "count")
                } ?? flavor.addition("cpu", .object([.init(key: "count", content: .integer(cpus))])))
        }
        if flavor.memory.isAbsent, let memory = profile.memory {
            defaults.append(flavor.addition("memory", .string("\(memory)Gi")))
        }
        if flavor.disk.isAbsent, let disk = profile.disk {
            defaults.append(flavor.addition("disk", .string("\(disk)Gi")))
        }
        if flavor.gpu.isAbsent, let gpu = profile.gpu {
            defaults.append(
                flavor.addition(
                    "gpu",
                    .object([
                        .init(key: "vendor", content: .string(gpu.vendor.rawValue)),
                        .init(key: "model", content: .string(gpu.model)),
                        .init(key: "memory", content: .string("\(gpu.memory)Gi")),
                        .init(key: "physicalCount", content: .integer(gpu.count)),
                        .init(key: "logicalCount", content: .integer(gpu.count)),
                    ])))
        }
    }
}

extension Region {
    /// Whether a flavor lacks something that Nodes could say.
    package var lacksWhatNodesSay: Bool { flavors.contains(where: \.lacksWhatNodesSay) }
}

extension Flavor {
    var lacksWhatNodesSay: Bool { lacksCPUCount || memory.isAbsent || disk.isAbsent || gpu.isAbsent }

    /// `cpu` is absent, or has no count.
    var lacksCPUCount: Bool {
        switch cpu {
        case .absent: true
        case .invalid: false
        case .present(let cpu): cpu.count.isAbsent
        }
    }

    fileprivate func addition(_ key: String, _ content: Default.Content) -> Default {
        Default(id: .fromNodes, path: path.field(key), content: content, parent: value.index, key: key)
    }
}
