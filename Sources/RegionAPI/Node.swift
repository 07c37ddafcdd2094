package import KubernetesTypes

/// A Node, as far as rules read it: labels first, and its status only where a rule asks for it (upstream:
/// `v1.Node`). A Node is 14 KB and more, nearly all of it of no interest here.
package struct Node {
    package static let kind = "Node"
    package static let resource = "nodes"

    package let value: Value
    package var metadata = ObjectMeta()
    /// Label `kubernetes.region.unikorn-cloud.org/node-class`.
    package var nodeClass: Field<Text> = .absent
    package var mismatches: [TypeMismatch] = []
    /// `status`, undecoded.
    package var status: Value?

    package init(_ value: Value) {
        self.value = value
        var decoder = Decoder()
        if case .present(let object) = decoder.object(value) {
            for (key, value) in object.fields {
                if key == "metadata" {
                    if case .present(let value) = decoder.object(value) { metadata = ObjectMeta(value, &decoder) }
                } else if key == "status" {
                    status = value
                }
            }
            nodeClass = metadata.label(RegionLabel.nodeClass)
        }
        mismatches = decoder.mismatches
    }

    /// Whether the Node runs a control plane, by either label kubeadm has used.
    package var isControlPlane: Bool {
        guard let labels = metadata.labels else { return false }
        return labels["node-role.kubernetes.io/control-plane"] != nil || labels["node-role.kubernetes.io/master"] != nil
    }

    /// What machine it is. Unknown where the kubelet has not reported it yet.
    package var machine: Machine { Machine(self) }
}

/// What the capacity and the labels of a Node say about the machine.
package struct Machine: Hashable, Sendable {
    /// A GPU resource's domain decides the vendor; the value is how an API of this project writes it.
    package enum GPUVendor: String, Sendable {
        case nvidia = "NVIDIA"
        case amd = "AMD"

        package var resource: String { self == .nvidia ? "nvidia.com/gpu" : "amd.com/gpu" }
    }

    package var architecture: String?
    /// Whole CPUs, rounded up.
    package var cpus: Int64?
    /// Bytes.
    package var memory: Int64?
    /// Bytes.
    package var ephemeralStorage: Int64?
    package var gpuVendor: GPUVendor?
    /// 0 where no plug-in has reported any (yet).
    package var gpus: Int64 = 0
    /// What card each of them is; nil where feature discovery has not said so, or they are parts of cards.
    package var gpuModel: GPUModel?

    init(_ node: Node) {
        if let name = node.status?["nodeInfo"]?["architecture"]?.text, !name.isEmpty {
            architecture = String(name)
        } else if let name = node.metadata.labels?["kubernetes.io/arch"]?.text, !name.isEmpty {
            architecture = String(name)
        }
        guard let capacity = node.status?["capacity"] else { return }
        for (key, value) in capacity.fields {
            if key == "cpu" {
                cpus = Self.units(value)
            } else if key == "memory" {
                memory = Self.units(value)
            } else if key == "ephemeral-storage" {
                ephemeralStorage = Self.units(value)
            } else if key == "nvidia.com/gpu" {
                note(.nvidia, Self.units(value))
            } else if key == "amd.com/gpu" {
                note(.amd, Self.units(value))
            }
        }
        if let gpuVendor, let labels = node.metadata.labels { gpuModel = GPUModel(gpuVendor, gpus, labels) }
    }

    private mutating func note(_ vendor: GPUVendor, _ count: Int64?) {
        guard let count, count > 0 else { return }
        gpuVendor = vendor
        gpus = count
    }

    /// A capacity is a quantity; one that is none is unknown, since the kubelet's status is not this webhook's to judge.
    private static func units(_ value: Value) -> Int64? {
        if let int = value.int { return int }
        guard let text = value.text else { return nil }
        return (try? Quantity(text))?.value
    }
}
