import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed without a word: a Node with the flavor's CPUs and GPUs, and at least 90 % of its memory and disk.
    package static let nodeClassMatchesFlavor: Rule = Rule(
        .nodeClassMatchesFlavor, .warn, strict: true,
        summary: "A Node has the CPUs and GPUs that its flavor promises, and at least 90 % of its memory and disk.",
        goesWrong: "The flavor lies: users pay for what the machine does not have.",
        remedy: "Correct the flavor, or give the Node the class of the machine it is.",
        check: .nodeInventory { record, surroundings, findings in
            guard let declaration = surroundings.inventory.declaration(of: ClassID(record.nodeClass)) else { return }
            let flavor = declaration.flavor
            let machine = record.machine
            var differences: [String] = []
            if let has = machine.cpus, let promised = flavor.cpus, has != promised {
                differences.append("\(has) CPUs instead of \(promised)")
            }
            // Without any GPU reported the plug-in may be late, unless the flavor has none either.
            if machine.gpus > 0, machine.gpus != flavor.gpus {
                differences.append("\(machine.gpus) GPUs instead of \(flavor.gpus)")
            }
            for (has, promised, what) in [
                (machine.memory, flavor.memory, "memory"), (machine.ephemeralStorage, flavor.disk, "ephemeral storage"),
            ] {
                guard let has, let promised, has < promised - promised / keptBySystem else { continue }
                differences.append("\(has >> 20) MiB of \(what) instead of \(promised >> 20)")
            }
            guard !differences.isEmpty else { return }
            let name = flavor.subject.map { ", \($0)" } ?? ""
            findings.report(
                .nodeClassMatchesFlavor, .invalid, NodePath.nodeClass, shown: quoted(record.nodeClass),
                "this Node has \(differences.joined(separator: ", ")) (Region \(quoted(declaration.region))\(name))",
                related: Finding.Related(kind: Region.kind, object: declaration.region, path: flavor.path))
        })

    /// A tenth: what a kernel and a file system keep for themselves of what was bought.
    private static let keptBySystem: Int64 = 10
}
