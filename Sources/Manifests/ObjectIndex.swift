import KubernetesTypes
import Policy

/// Where the objects that were read stand, by name: for the other place of a conflict.
struct ObjectIndex {
    struct Key: Hashable {
        let kind: String
        let object: ObjectName
    }

    struct Entry {
        let location: ManifestReader.Location
        let file: String
        /// Of its name.
        let position: SourcePosition
    }

    private var entries: [Key: Entry] = [:]

    /// Notes an object; of two of one name the later counts, as it does in the inventory.
    ///
    /// - Returns: where the same object was given before.
    mutating func add(_ entry: Entry, of key: Key) -> Entry? { entries.updateValue(entry, forKey: key) }

    /// The object on the other side of a conflict, if it was in a file.
    subscript(related: Finding.Related) -> Entry? { entries[Key(kind: related.kind, object: related.object)] }
}
