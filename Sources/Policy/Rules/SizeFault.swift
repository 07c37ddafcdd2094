import KubernetesTypes
import RegionAPI

/// The unit that the region API shows a size in.
struct SizeUnit {
    let bytes: Int64
    let name: String
    /// The least size that is not shown as 0.
    let minimum: String

    /// Memory, of machines and GPUs.
    static let gibibytes = SizeUnit(bytes: 1 << 30, name: "GiB", minimum: "1Gi")
    /// Disks.
    static let gigabytes = SizeUnit(bytes: 1_000_000_000, name: "GB", minimum: "1G")
}

/// What is wrong with a size: a quantity that every Go client can decode, greater than 0, within Int64 once rounded up
/// to bytes, and not shown as 0.
struct SizeFault {
    let detail: String

    /// - Returns: nil where the size is right.
    init?(_ field: QuantityField, _ unit: SizeUnit) {
        switch field.amount {
        case .malformed: detail = field.error?.description ?? "must be a quantity, e.g. \"40Gi\""
        case .notPositive: detail = "must be greater than 0"
        case .tooLarge: detail = "must be at most 9223372036854775807 bytes (2⁶³−1): the region API reads more as 0"
        case .units(let bytes):
            guard bytes < unit.bytes else { return nil }
            detail = "must be at least \(unit.minimum): users see whole \(unit.name), and this as 0"
        }
    }
}
