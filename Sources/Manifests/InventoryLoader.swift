import Documents
package import KubernetesTypes
package import Policy
import RegionAPI

/// Reads manifests into the inventory of a server that asks no cluster (`--inventory`).
package enum InventoryLoader {
    /// `visit` sees each Region and Node whole; it is valid during the call only.
    ///
    /// - Returns: the inventory, and what could not be read of it, a line each.
    /// - Throws: where a path cannot be read.
    package static func load(
        _ paths: [String], visit: (Inventory.Kind, Value) -> Void = { _, _ in }
    ) throws(ManifestError) -> (inventory: Inventory, problems: [String]) {
        var inventory = Inventory()
        var problems: [String] = []
        let reader = ManifestReader(sources: try ManifestSource.find(paths))
        for source in reader.sources.indices {
            try reader.read(source) { result, _ in
                switch result {
                case .success(let document):
                    for (object, value) in ManifestObject.all(in: document.root) {
                        add(object, value, to: &inventory)
                        switch object {
                        case .judged(.region): visit(.regions, value)
                        case .judged(.node): visit(.nodes, value)
                        default: break
                        }
                    }
                case .failure(let error): problems.append("\(reader.sources[source].path):\(error)")
                }
            }
        }
        return (inventory, problems)
    }

    private static func add(_ object: ManifestObject, _ value: Value, to inventory: inout Inventory) {
        switch object {
        case .judged(.region): inventory.add(RegionRecord(Region(value)))
        case .judged(.node):
            if let record = NodeRecord(Node(value)) { inventory.add(record) }
        case .secret:
            if let record = SecretReader.record(value) { inventory.add(record) }
        case .review, .unknownVersion, .unidentified, .skipped: break
        }
    }
}
