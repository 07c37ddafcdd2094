import KubernetesTypes
import RegionAPI

/// A flavor's name made from what the flavor is: `cpu2-mem4-disk40`, `cpu128-mem2048-disk3600-8xh100`.
///
/// Memory and disk are whole GiB, GPUs the logical ones, as a scheduler counts them.
struct FlavorName {
    let base: String
    /// The first characters of the id.
    private let id: Text

    /// The same name, told from an equal one by the id.
    var distinct: String {
        let suffix = "-" + String(id)
        return Self.cut(Array(base.utf8), to: LabelSyntax.maximumNameLength - suffix.utf8.count) + suffix
    }

    /// What the flavor lacks and gets by default from its Nodes is in `profile`.
    ///
    /// - Returns: nil where the flavor does not say enough, or says it wrongly.
    init?(_ flavor: Flavor, _ profile: ClassProfile? = nil) {
        guard
            let cpus = flavor.cpu.content?.count.content ?? (flavor.lacksCPUCount ? profile?.cpus : nil), cpus > 0,
            let memory = Self.gibibytes(flavor.memory, .gibibytes) ?? (flavor.memory.isAbsent ? profile?.memory : nil),
            let disk = Self.gibibytes(flavor.disk, .gigabytes) ?? (flavor.disk.isAbsent ? profile?.disk : nil),
            let id = flavor.id.content, flavor.uuid != nil
        else { return nil }
        var name: [UInt8] = []
        name.reserveCapacity(LabelSyntax.maximumNameLength)
        name.append(json: "cpu")
        name.append(jsonInteger: cpus)
        name.append(json: "-mem")
        name.append(jsonInteger: memory)
        name.append(json: "-disk")
        name.append(jsonInteger: disk)
        switch flavor.gpu {
        case .absent:
            guard let gpu = profile?.gpu else { break }
            gpu.model.withText { Self.append(gpu.count, $0, to: &name) }
        case .invalid: return nil
        case .present(let gpu):
            guard let count = gpu.logicalCount.content ?? gpu.physicalCount.content, count > 0,
                let model = gpu.model.content, !model.isEmpty
            else { return nil }
            Self.append(count, model, to: &name)
        }
        base = Self.cut(name, to: LabelSyntax.maximumNameLength)
        self.id = id.prefix(8)
    }

    func matches(_ name: Text) -> Bool { name == base || name == distinct }

    private static func gibibytes(_ field: Field<QuantityField>, _ unit: SizeUnit) -> Int64? {
        guard let field = field.content, SizeFault(field, unit) == nil, let bytes = field.units else { return nil }
        // A disk of 1G is right, and a little less than 1 GiB.
        return max(1, bytes / SizeUnit.gibibytes.bytes)
    }

    private static func append(_ gpus: Int64, _ model: Text, to name: inout [UInt8]) {
        name.append(json: "-")
        name.append(jsonInteger: gpus)
        name.append(json: "x")
        name.append(contentsOf: spelling(model))
    }

    /// A model in lower case, with `-` for what names cannot hold: `A100 80GB` is `a100-80gb`.
    private static func spelling(_ model: Text) -> ArraySlice<UInt8> {
        let bytes = model.bytes.prefix(LabelSyntax.maximumNameLength).map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."): byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: UInt8(ascii: "-")
            }
        }
        return trimmed(bytes[...])
    }

    private static func cut(_ name: [UInt8], to length: Int) -> String {
        String(decoding: trimmed(name.prefix(length)), as: UTF8.self)
    }

    /// A name must end with a letter or a digit.
    private static func trimmed(_ name: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var name = name
        while let last = name.last, last == UInt8(ascii: "-") || last == UInt8(ascii: ".") { name.removeLast() }
        return name
    }
}
