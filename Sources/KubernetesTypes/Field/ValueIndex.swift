/// Finds values of one document by their paths, and the paths of values.
///
/// Large containers are indexed when they are first looked into, so that thousands of faults in one list take time in
/// proportion to the list and not to its square. For errors only: a valid object has nothing to look up.
package struct ValueIndex {
    package let root: Value
    /// By the tape index of a container, those of its elements or of its fields' values.
    private var children: [Int: [Int]] = [:]
    /// By the tape index of an object, those of its fields' values by key; of fields with one key, the last.
    private var fields: [Int: [String: Int]] = [:]

    /// Words of a container up to which walking it costs less than a table.
    private static let walkedWords = 64

    package init(_ root: Value) { self.root = root }

    /// The value a path leads to, or where the path ends in a field that is not there, its innermost ancestor that is;
    /// `isExact` tells which.
    package mutating func resolve(_ path: FieldPath) -> (value: Value, isExact: Bool) {
        var current = root
        for component in path.components {
            guard let next = child(component, of: current) else { return (current, false) }
            current = next
        }
        return (current, true)
    }

    /// The field or element of a container; of fields with one key, the last.
    package mutating func child(_ component: FieldPath.Component, of container: Value) -> Value? {
        switch component {
        case .field(let name), .key(let name): field(name, of: container)
        case .index(let index): element(index, of: container)
        }
    }

    private mutating func field(_ name: String, of object: Value) -> Value? {
        guard object.isObject, object.wordCount > Self.walkedWords else { return object[key: name] }
        // Indices and not values: the compiler (Swift 6.3) does not always know an optional of a struct of pointers to be
        // nil where code that is generic made it.
        let known =
            fields[object.index]
            ?? Dictionary(
                object.fields.map { (String($0.key), $0.value.index) }, uniquingKeysWith: { _, last in last })
        fields[object.index] = known
        guard let index = known[name] else { return nil }
        return object.at(index)
    }

    private mutating func element(_ position: Int, of array: Value) -> Value? {
        guard array.isArray else { return nil }
        let indices = childIndices(of: array)
        return indices.indices.contains(position) ? array.at(indices[position]) : nil
    }

    /// The path of a value inside the root; nil when it is not inside.
    package mutating func path(to descendant: Value) -> FieldPath? {
        var components: [FieldPath.Component] = []
        var current = root
        while current.index != descendant.index {
            guard let (component, child) = child(of: current, holding: descendant.index) else { return nil }
            // The keys of labels and annotations are data, whatever they look like.
            if case .field(let name) = component,
                components.last == .field("labels") || components.last == .field("annotations")
            {
                components.append(.key(name))
            } else {
                components.append(component)
            }
            current = child
        }
        return FieldPath(components: components)
    }

    private mutating func child(of container: Value, holding index: Int) -> (FieldPath.Component, Value)? {
        let indices = childIndices(of: container)
        // The first that begins behind it; the one before that begins at it or in front of it.
        var (low, high) = (0, indices.count)
        while low < high {
            let middle = low + (high - low) / 2
            if indices[middle] > index { high = middle } else { low = middle + 1 }
        }
        guard low > 0 else { return nil }
        let child = container.at(indices[low - 1])
        guard index < child.end else { return nil }
        guard container.isObject else { return (.index(low - 1), child) }
        // A key is the word before its value.
        return container.at(child.index - 1).text.map { (.field(String($0)), child) }
    }

    private mutating func childIndices(of container: Value) -> [Int] {
        if let known = children[container.index] { return known }
        let found =
            container.isObject ? container.fields.map(\.value.index) : container.elements.map(\.index)
        children[container.index] = found
        return found
    }
}

extension Value {
    /// As `ValueIndex.resolve`, for a single path.
    package func resolve(_ path: FieldPath) -> (value: Value, isExact: Bool) {
        var index = ValueIndex(self)
        return index.resolve(path)
    }
}
