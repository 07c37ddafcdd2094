import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: Nodes of a class that are one machine type. Architecture and CPUs equal; GPUs equal and memory within
    /// 2 %, both judged only where both are known.
    package static let nodeClassUniform: Rule = Rule(
        .nodeClassUniform, .deny,
        summary: "All Nodes of one class are one machine type (GPUs and memory: a warning).",
        goesWrong: "Quota and billing are per class: the class would stand for two machine types.",
        remedy: "Give the other machines a class of their own, with a flavor of their own.",
        check: .nodeInventory { record, surroundings, findings in
            guard let (usual, other) = surroundings.inventory.usualMachine(of: record.nodeClass, otherThan: record.name)
            else { return }
            for difference in differences(record.machine, usual) {
                findings.report(
                    .nodeClassUniform, .invalid, NodePath.nodeClass, shown: quoted(record.nodeClass),
                    "this Node has \(difference.own), Node \"\(other)\" of the class has \(difference.other)",
                    related: Finding.Related(
                        kind: Node.kind, object: ObjectName(namespace: "", name: other), path: NodePath.nodeClass),
                    as: difference.severity)
            }
        })

    private static func differences(
        _ own: Machine, _ usual: Machine
    ) -> [(own: String, other: String, severity: Severity?)] {
        var found: [(own: String, other: String, severity: Severity?)] = []
        if let mine = own.architecture, let theirs = usual.architecture, mine != theirs {
            found.append(("architecture \(mine)", theirs, nil))
        }
        if let mine = own.cpus, let theirs = usual.cpus, mine != theirs {
            found.append(("\(mine) CPUs", "\(theirs)", nil))
        }
        // A plug-in may report late: no GPU is not known to be none.
        if own.gpus > 0, usual.gpus > 0, own.gpus != usual.gpus || own.gpuVendor != usual.gpuVendor {
            found.append((gpus(own), gpus(usual), .warn))
        }
        if let mine = own.memory, let theirs = usual.memory,
            max(mine, theirs) - min(mine, theirs) > max(mine, theirs) / memoryShare
        {
            found.append(("\(mine >> 20) MiB of memory", "\(theirs >> 20) MiB", .warn))
        }
        return found
    }

    private static func gpus(_ machine: Machine) -> String {
        "\(machine.gpus) \(machine.gpuVendor?.resource ?? "GPUs")"
    }

    /// 2 %: firmware and kernels reserve differently on equal machines; a lost DIMM is no new type, only a warning.
    private static let memoryShare: Int64 = 50
}
