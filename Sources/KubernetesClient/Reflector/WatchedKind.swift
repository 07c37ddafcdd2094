import KubernetesTypes
import Policy
import RegionAPI

/// What a reflector watches, and what of it is kept.
extension Inventory.Kind {
    var resource: KubernetesResource {
        switch self {
        case .regions: .regions
        case .nodes: .nodes
        }
    }

    /// Nodes without a class are nobody's concern, and most of a cluster may be. To a watcher a Node that loses the label is
    /// deleted.
    var labelSelector: String? {
        switch self {
        case .regions: nil
        case .nodes: "\(RegionLabel.nodeClass)"
        }
    }
}

extension Inventory {
    /// The name of an object as the API server sent it; nil for one without.
    static func name(of object: Value) -> ObjectName? {
        guard let metadata = object["metadata"], let name = metadata["name"]?.text, !name.isEmpty else { return nil }
        return ObjectName(namespace: metadata["namespace"]?.text.map { String($0) } ?? "", name: String(name))
    }

    /// Keeps what rules read of an object, in place of what was kept of it. However wrong it is: fields of a wrong type
    /// are left out, and a Region that no Go client can decode still declares its ids.
    mutating func keep(_ object: Value, _ kind: Kind) {
        switch kind {
        case .regions: add(RegionRecord(Region(object)))
        case .nodes:
            if let record = NodeRecord(Node(object)) {
                add(record)
            } else if let name = Self.name(of: object) {
                remove(node: name.name)
            }
        }
    }

    mutating func forget(_ name: ObjectName, _ kind: Kind) {
        switch kind {
        case .regions: remove(region: name)
        case .nodes: remove(node: name.name)
        }
    }

    /// Forgets every object of a kind but those.
    mutating func forgetAll(_ kind: Kind, except seen: Set<ObjectName>) {
        var gone: [ObjectName] = []
        switch kind {
        case .regions: forEachRegion { if !seen.contains($0.object) { gone.append($0.object) } }
        case .nodes:
            forEachNode { record in
                let name = ObjectName(namespace: "", name: record.name)
                if !seen.contains(name) { gone.append(name) }
            }
        }
        for name in gone { forget(name, kind) }
    }

    func count(of kind: Kind) -> Int {
        switch kind {
        case .regions: regionCount
        case .nodes: nodeCount
        }
    }
}
