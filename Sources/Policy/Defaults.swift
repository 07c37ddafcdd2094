package import KubernetesTypes
package import RegionAPI

/// A field that is absent and gets a value: one JSON Patch `add`.
package struct Default: Sendable {
    package enum ID: String, CaseIterable, Sendable {
        case secretNamespace = "default-secret-namespace"
        case gpuLogicalCount = "default-gpu-logical-count"
        case flavorName = "default-flavor-name"
        /// Off unless asked for (`--default-from-nodes`).
        case fromNodes = "default-from-nodes"

        /// One line for the catalogue.
        package var summary: String {
            switch self {
            case .secretNamespace: "An absent namespace of a Secret reference becomes the Region's own."
            case .gpuLogicalCount: "An absent gpu.logicalCount becomes gpu.physicalCount."
            case .flavorName:
                "An absent name of a flavor is made from what it is, e.g. cpu2-mem4-disk40; of two that would be equal, "
                    + "each gets the first 8 characters of its id."
            case .fromNodes:
                "An absent cpu.count, memory, disk or gpu becomes what the Nodes of the class agree on: memory and disk "
                    + "in whole GiB, a GPU's model and memory as feature discovery labels them. What the Nodes do not "
                    + "agree on, or do not say, stays absent. Off without --default-from-nodes."
            }
        }
    }

    package enum Content: Equatable, Sendable {
        case string(String)
        case integer(Int64)
        /// An object that is absent with all its fields.
        case object([Member])

        package struct Member: Equatable, Sendable {
            package let key: String
            package let content: Content
        }
    }

    package let id: ID
    package let path: FieldPath
    package let content: Content
    /// Index of the object, on the document's tape, that gets the field.
    let parent: Int
    let key: String

    init(id: ID, path: FieldPath, content: Content, parent: Int, key: String) {
        self.id = id
        self.path = path
        self.content = content
        self.parent = parent
        self.key = key
    }

    /// What a Region lacks, in document order of its lists. Idempotent: a defaulted Region gets none.
    /// The namespace is the request's, for an object that does not say its own; of `nodes` flavors learn what machines
    /// their class is, where that is wanted.
    package static func all(for region: Region, namespace: String?, nodes: Inventory? = nil) -> [Default] {
        guard !region.metadata.isBeingDeleted else { return [] }
        var defaults: [Default] = []
        let namespace = region.metadata.namespace.content.map { String($0) } ?? namespace
        secretNamespace(region.kubernetes.content?.kubeConfigSecret, RegionPath.kubeConfigSecret, namespace, &defaults)
        secretNamespace(
            region.openstack.content?.serviceAccountSecret, RegionPath.serviceAccountSecret, namespace, &defaults)
        let flavors = region.flavors
        // First, since names are made of what they say.
        let profiles = nodes.map { fromNodes(flavors, $0, &defaults) } ?? [:]
        // By index: an iterator copies each flavor.
        var isNamed = true
        for index in flavors.indices {
            if flavors[index].gpu.lacksLogicalCount {
                gpuLogicalCount(flavors[index].gpu, flavors[index].path, &defaults)
            }
            if flavors[index].name.isAbsent { isNamed = false }
        }
        for flavor in region.openstackFlavors where flavor.gpu.lacksLogicalCount {
            gpuLogicalCount(flavor.gpu, flavor.path, &defaults)
        }
        if !isNamed { names(of: flavors, profiles, &defaults) }
        return defaults
    }

    private static func secretNamespace(
        _ field: Field<SecretReference>?, _ path: @autoclosure () -> FieldPath, _ namespace: String?,
        _ defaults: inout [Default]
    ) {
        guard let reference = field?.content, reference.namespace.isAbsent, let namespace, !namespace.isEmpty else {
            return
        }
        defaults.append(
            Default(
                id: .secretNamespace, path: path().field("namespace"), content: .string(namespace),
                parent: reference.value.index, key: "namespace"))
    }

    private static func gpuLogicalCount(_ field: Field<GPU>, _ path: FieldPath, _ defaults: inout [Default]) {
        guard let gpu = field.content, let count = gpu.physicalCount.content, count >= 1 else { return }
        defaults.append(
            Default(
                id: .gpuLogicalCount, path: path.field("gpu").field("logicalCount"), content: .integer(count),
                parent: gpu.value.index, key: "logicalCount"))
    }

    /// Two names that would be equal both get a part of their id, never a counter: the order of flavors may change.
    private static func names(
        of flavors: [Flavor], _ profiles: [Int: ClassProfile], _ defaults: inout [Default]
    ) {
        var derived: [(flavor: Flavor, name: FlavorName)] = []
        // By index: an iterator copies each flavor.
        for index in flavors.indices where flavors[index].name.isAbsent {
            let flavor = flavors[index]
            guard let name = FlavorName(flavor, profiles[flavor.index]) else { continue }
            derived.append((flavor, name))
        }
        if derived.count == 1 {
            // Mostly it is one, and then there is nothing to count.
            let name = derived[0].name
            let isTaken = flavors.indices.contains { flavors[$0].name.content.map { $0 == name.base } ?? false }
            append(isTaken ? name.distinct : name.base, to: derived[0].flavor, &defaults)
            return
        }
        var uses: [String: Int] = [:]
        var marks: Set<UInt64> = []
        for (_, name) in derived {
            uses[name.base, default: 0] += 1
            marks.insert(name.base.withText(\.mark))
        }
        // Of the names that are given only those are of interest that a derived one may equal.
        for index in flavors.indices {
            guard let name = flavors[index].name.content, marks.contains(name.mark), let count = uses[String(name)]
            else {
                continue
            }
            uses[String(name)] = count + 1
        }
        for (flavor, name) in derived {
            append(uses[name.base, default: 0] > 1 ? name.distinct : name.base, to: flavor, &defaults)
        }
    }

    private static func append(_ name: String, to flavor: Flavor, _ defaults: inout [Default]) {
        defaults.append(
            Default(
                id: .flavorName, path: flavor.path.field("name"), content: .string(name), parent: flavor.value.index,
                key: "name"))
    }
}

extension Field<GPU> {
    fileprivate var lacksLogicalCount: Bool {
        if case .present(let gpu) = self { gpu.logicalCount.isAbsent } else { false }
    }
}

/// A document with its defaults applied, to be judged in its place. Keeps the storage that its values are views of.
package final class DefaultedDocument {
    private let builder = TapeBuilder()
    private let additions: [Int: [Default]]
    /// Indices of the objects that get a field, ascending.
    private let parents: [Int]

    package init(_ root: Value, _ defaults: [Default]) {
        additions = Dictionary(grouping: defaults, by: \.parent)
        parents = additions.keys.sorted()
        copy(root)
    }

    package var root: Value { builder.root }

    /// Recurses into what holds an object that gets a field, and so no deeper than the API does; the rest is copied in one
    /// pass, however deep it is.
    private func copy(_ value: Value) {
        guard holdsParent(value) else {
            builder.copy(value)
            return
        }
        let place = value.position ?? .unknown
        if value.isObject {
            let added = additions[value.index] ?? []
            builder.beginObject(place)
            // A field that is null counts as absent, and would stand beside the one that replaces it.
            for field in value.fields where !added.contains(where: { field.key == $0.key }) {
                builder.string(field.key.bytes, field.value.keyPosition ?? place)
                copy(field.value)
            }
            for addition in added {
                builder.string(addition.key, place)
                addition.content.append(to: builder, place)
            }
        } else {
            builder.beginArray(place)
            for element in value.elements { copy(element) }
        }
        builder.end()
    }

    private func holdsParent(_ value: Value) -> Bool {
        var (low, high) = (0, parents.count)
        while low < high {
            let middle = (low + high) / 2
            if parents[middle] < value.index { low = middle + 1 } else { high = middle }
        }
        return low < parents.count && parents[low] < value.index + value.wordCount
    }
}
