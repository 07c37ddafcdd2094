internal import KubernetesTypes

/// The anchors of one document: where on the tape the value of each stands.
struct YAMLAnchors {
    struct Anchor {
        /// Index of the value on its tape.
        var index: Int
        /// Whether it is on the side tape: a value that the document's tape does not (or no longer) hold, such as a key,
        /// the mapping that a merge was written with, or a field that a merge replaced.
        var isAside = false
    }

    /// In document order, so that those inside a mapping are the last ones when it ends. Who moves their values on the tape
    /// moves them here.
    var all: [Anchor] = []
    private var byName: [[UInt8]: Int] = [:]

    var count: Int { all.count }

    mutating func removeAll() {
        guard !all.isEmpty else { return }
        all.removeAll(keepingCapacity: true)
        byName.removeAll(keepingCapacity: true)
    }

    /// Names the value at `index`. A name may be given again: aliases mean the last one before them.
    mutating func define(_ name: Text, at index: Int, isAside: Bool) {
        byName[Array(name.bytes)] = all.count
        all.append(Anchor(index: index, isAside: isAside))
    }

    subscript(_ name: Text) -> Anchor? {
        byName[Array(name.bytes)].map { all[$0] }
    }
}
