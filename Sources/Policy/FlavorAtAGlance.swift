import KubernetesTypes
import RegionAPI

extension Flavor {
    /// Whether it is certain at a glance that no check of the catalogue finds anything in this flavor, which replaces none:
    /// true for nearly every flavor there is, and it costs a tenth of the checks.
    ///
    /// It may be false for a flavor that is right. It must not be true for one in which a check finds something: the
    /// fixtures of every rule, and generated flavors, hold it against the checks.
    var isPlainlyRight: Bool {
        guard let uuid, uuid.isVersion4, case .present(let name) = name, LabelSyntax.displayName(name) == nil,
            case .present(let cpu) = cpu, case .present(let count) = cpu.count, count >= 2, count <= Rule.maximumCPUs,
            cpu.architecture.isAbsent,
            let memory = memory.plainUnits, memory >= 2 * SizeUnit.gibibytes.bytes,
            memory % SizeUnit.gibibytes.bytes == 0, let disk = disk.plainUnits, disk >= SizeUnit.gigabytes.bytes
        else { return false }
        switch gpu {
        case .absent: return true
        case .invalid: return false
        case .present(let gpu):
            guard case .present(let vendor) = gpu.vendor, vendor == "NVIDIA" || vendor == "AMD",
                case .present(let model) = gpu.model, !model.isEmpty,
                let memory = gpu.memory.plainUnits, memory >= SizeUnit.gibibytes.bytes,
                case .present(let physical) = gpu.physicalCount, physical >= 1,
                case .present(let logical) = gpu.logicalCount, logical >= 1
            else { return false }
            return logical % physical == 0
        }
    }
}

extension Field<QuantityField> {
    fileprivate var plainUnits: Int64? {
        if case .present(let field) = self { field.units } else { nil }
    }
}
