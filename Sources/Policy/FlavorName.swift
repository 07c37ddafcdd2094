import KubernetesTypes
import RegionAPI

/// A flavor's name made from what the flavor is: `cpu2-mem4-disk40`, `cpu128-mem2048-disk3600-8xh100`.
///
/// Memory and disk are whole GiB, GPUs the logical ones, as a scheduler counts them.
struct FlavorName {
    let base: String
    /// The same name, told from an equal one by the id.
    let distinct: String

    /// - Returns: nil where the flavor does not say enough, or says it wrongly.
    init?(_ flavor: Flavor) {
        guard let cpus = flavor.cpu.content?.count.content, cpus > 0,
            let memory = Self.gibibytes(flavor.memory, .gibibytes),
            let disk = Self.gibibytes(flavor.disk, .gigabytes), let id = flavor.id.content, flavor.uuid != nil
        else { return nil }
        var name = "cpu\(cpus)-mem\(memory)-disk\(disk)"
        switch flavor.gpu {
        case .absent: break
        case .invalid: return nil
        case .present(let gpu):
            guard let count = gpu.logicalCount.content ?? gpu.physicalCount.content, count > 0,
                let model = gpu.model.content.flatMap(Self.spelling)
            else { return nil }
            name += "-\(count)x\(model)"
        }
        let suffix = "-" + String(decoding: id.bytes.prefix(8), as: UTF8.self)
        // ASCII only, so that characters are bytes.
        base = Self.cut(name, to: LabelSyntax.maximumNameLength)
        distinct = Self.cut(name, to: LabelSyntax.maximumNameLength - suffix.utf8.count) + suffix
    }

    func matches(_ name: Text) -> Bool { name == base || name == distinct }

    private static func gibibytes(_ field: Field<QuantityField>, _ unit: SizeUnit) -> Int64? {
        guard let field = field.content, SizeFault(field, unit) == nil, let bytes = field.units else { return nil }
        // A disk of 1G is right, and a little less than 1 GiB.
        return max(1, bytes / SizeUnit.gibibytes.bytes)
    }

    /// A model in lower case, with `-` for what names cannot hold: `A100 80GB` is `a100-80gb`.
    private static func spelling(_ model: Text) -> String? {
        guard !model.isEmpty else { return nil }
        let bytes = model.bytes.map { byte -> UInt8 in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."): byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: UInt8(ascii: "-")
            }
        }
        return cut(String(decoding: bytes, as: UTF8.self), to: LabelSyntax.maximumNameLength)
    }

    /// A name must end with a letter or a digit.
    private static func cut(_ name: String, to length: Int) -> String {
        var cut = name.prefix(length)
        while let last = cut.utf8.last, last == UInt8(ascii: "-") || last == UInt8(ascii: ".") { cut = cut.dropLast() }
        return String(cut)
    }
}
