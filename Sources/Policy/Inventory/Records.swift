package import KubernetesTypes
package import RegionAPI

/// What rules about several objects keep of a Region.
package struct RegionRecord: Equatable, Sendable {
    package let object: ObjectName
    package let provider: String
    package let displayName: String?
    package fileprivate(set) var flavors: [FlavorRecord]
    /// The Secret the region service will read: the reference's name in the Region's own namespace, whatever the
    /// reference says (rule `kubeconfig-secret-namespace`).
    package let kubeconfigSecret: ObjectName?
    /// The Secret of an OpenStack region, whose reference is honoured as it stands.
    package let openstackSecret: ObjectName?

    package init(_ region: Region, namespace fallback: String = "", name fallbackName: String = "") {
        let namespace = region.metadata.namespace.content.map { String($0) } ?? fallback
        object = ObjectName(
            namespace: namespace, name: region.metadata.name.content.map { String($0) } ?? fallbackName)
        provider = region.provider.content.map { String($0) } ?? ""
        displayName = region.displayName.content.map { String($0) }
        flavors = region.flavors.map(FlavorRecord.init)
        kubeconfigSecret = region.kubernetes.content?.kubeConfigSecret.content?.name.content
            .map { ObjectName(namespace: namespace, name: String($0)) }
        openstackSecret = region.openstack.content?.serviceAccountSecret.content
            .flatMap { reference in
                reference.name.content.map { name in
                    let namespace = reference.namespace.content.map { String($0) } ?? namespace
                    return ObjectName(namespace: namespace, name: String(name))
                }
            }
    }
}

/// What rules about several objects keep of a flavor.
package struct FlavorRecord: Equatable, Sendable {
    /// Its place in `spec.kubernetes.nodes`, from 0.
    package let index: Int
    package let id: ClassID
    package let name: String?
    package fileprivate(set) var cpus: Int64?
    /// Bytes.
    package fileprivate(set) var memory: Int64?
    /// Bytes.
    package fileprivate(set) var disk: Int64?
    package fileprivate(set) var gpuVendor: String?
    /// Physical cards, as a Node's capacity counts them; 0 without a GPU.
    package fileprivate(set) var gpus: Int64

    init(_ flavor: Flavor) {
        index = flavor.index
        id = flavor.id.content.map { ClassID($0) } ?? .other("")
        name = flavor.name.content.map { String($0) }
        cpus = flavor.cpu.content?.count.content
        memory = flavor.memory.content?.units
        disk = flavor.disk.content?.units
        gpuVendor = flavor.gpu.content?.vendor.content.map { String($0) }
        gpus = flavor.gpu.content?.physicalCount.content ?? 0
    }

    /// Whether both promise the same machine.
    func isSameSize(as other: FlavorRecord) -> Bool {
        cpus == other.cpus && memory == other.memory && disk == other.disk && gpus == other.gpus
            && gpuVendor == other.gpuVendor
    }

    var path: FieldPath { RegionPath.nodes.index(index) }
    var subject: String? { name.map { Flavor.subject(named: $0) } }
}

extension RegionRecord {
    /// With what its flavors lack and the Nodes of their classes say, as it is once `default-from-nodes` was applied.
    func defaulted(by inventory: Inventory) -> RegionRecord {
        var record = self
        for index in flavors.indices where flavors[index].lacksWhatNodesSay {
            guard case .uuid(let key) = flavors[index].id else { continue }
            record.flavors[index].take(ClassProfile(inventory.machines(of: key.description)))
        }
        return record
    }
}

extension FlavorRecord {
    fileprivate var lacksWhatNodesSay: Bool { cpus == nil || memory == nil || disk == nil || gpuVendor == nil }

    fileprivate mutating func take(_ profile: ClassProfile) {
        cpus = cpus ?? profile.cpus
        memory = memory ?? profile.memory.map { $0 * SizeUnit.gibibytes.bytes }
        disk = disk ?? profile.disk.map { $0 * SizeUnit.gibibytes.bytes }
        if gpuVendor == nil, gpus == 0, let gpu = profile.gpu {
            gpuVendor = gpu.vendor.rawValue
            gpus = gpu.count
        }
    }
}

/// What rules about several objects keep of a Node that has a class.
package struct NodeRecord: Equatable, Sendable {
    package let name: String
    package let nodeClass: String
    package let machine: Machine
    package let isControlPlane: Bool

    init(name: String, nodeClass: String, machine: Machine, isControlPlane: Bool = false) {
        self.name = name
        self.nodeClass = nodeClass
        self.machine = machine
        self.isControlPlane = isControlPlane
    }

    package init?(_ node: Node, name fallback: String = "") {
        guard case .present(let nodeClass) = node.nodeClass else { return nil }
        name = node.metadata.name.content.map { String($0) } ?? fallback
        self.nodeClass = String(nodeClass)
        machine = node.machine
        isControlPlane = node.isControlPlane
    }
}

/// What rules keep of a Secret: which keys it has, and what its kubeconfig says, but never a secret value.
package struct SecretRecord: Sendable {
    package let object: ObjectName
    package let keys: Set<String>
    /// What the value under `kubeconfig` holds; nil where there is none.
    package let kubeconfig: KubeconfigFacts?

    package init(object: ObjectName, keys: Set<String>, kubeconfig: KubeconfigFacts?) {
        self.object = object
        self.keys = keys
        self.kubeconfig = kubeconfig
    }
}

extension Flavor {
    /// How messages name a flavor: nobody counts `nodes[7]`.
    var subject: String? {
        name.content.map { PrintableText.quoted($0, limit: Self.maximumShownName, prefix: "flavor ") }
    }

    static func subject(named name: String) -> String {
        "flavor \"\(PrintableText.escaped(name, limit: maximumShownName))\""
    }

    /// Unicode scalars of a flavor's name that a message shows; the display name's own limit is 63.
    private static let maximumShownName = 63
}
