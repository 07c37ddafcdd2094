import KubernetesTypes

/// A whole GPU card, as the labels of feature discovery describe it.
///
/// NVIDIA's GPU feature discovery sets `nvidia.com/gpu.product`, `.count` and `.memory` (MiB); AMD's node labeller
/// `amd.com/gpu.product-name` and `.vram` (GiB, written `192G`). Cards that are shared in time or cut into parts (MIG,
/// compute partitions) count as several in the capacity and are not described.
package struct GPUModel: Hashable, Sendable {
    /// The label's value as it stands.
    package let name: String
    /// Bytes of one card.
    package let memory: Int64

    /// - Returns: nil where the labels do not say what each of the `count` GPUs of the capacity is.
    init?(_ vendor: Machine.GPUVendor, _ count: Int64, _ labels: Value) {
        let (product, memory) =
            switch vendor {
            case .nvidia: (labels["nvidia.com/gpu.product"]?.text, Self.nvidiaMemory(labels, count))
            case .amd: (labels["amd.com/gpu.product-name"]?.text, Self.amdMemory(labels))
            }
        guard let product, !product.isEmpty, let memory, memory > 0 else { return nil }
        name = String(product)
        self.memory = memory
        if vendor == .nvidia, name.hasSuffix("-SHARED") || name.contains("-MIG-") { return nil }
    }

    /// Nothing where a card counts as several.
    private static func nvidiaMemory(_ labels: Value, _ count: Int64) -> Int64? {
        guard number(labels["nvidia.com/gpu.count"], unit: "") == count else { return nil }
        return bytes(number(labels["nvidia.com/gpu.memory"], unit: ""), 1 << 20)
    }

    /// Nothing where a card is several (every mode of partitions but SPX, the single one).
    private static func amdMemory(_ labels: Value) -> Int64? {
        if let partition = labels["amd.com/compute-memory-partition"]?.text, !String(partition).hasPrefix("spx") {
            return nil
        }
        return bytes(number(labels["amd.com/gpu.vram"], unit: "G"), 1 << 30)
    }

    private static func number(_ label: Value?, unit: String) -> Int64? {
        guard let text = label?.text.map({ String($0) }), text.hasSuffix(unit) else { return nil }
        return Int64(text.dropLast(unit.count))
    }

    private static func bytes(_ number: Int64?, _ unit: Int64) -> Int64? {
        guard let number else { return nil }
        let (bytes, isTooLarge) = number.multipliedReportingOverflow(by: unit)
        return isTooLarge ? nil : bytes
    }
}
