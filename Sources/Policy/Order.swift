package import KubernetesTypes

extension FieldPath {
    /// The order of fields in a message: by name, and by number in a list. It is the same for every spelling of one
    /// object, whatever the order of its keys.
    package static func precedes(_ left: FieldPath, _ right: FieldPath) -> Bool {
        for (first, second) in zip(left.components, right.components) where first != second {
            switch (first, second) {
            case (.index(let first), .index(let second)): return first < second
            case (.field(let first), .field(let second)), (.key(let first), .key(let second)): return first < second
            // A list or map against a field cannot be in one object; any fixed order will do.
            case (.index, _), (.field, .key): return true
            default: return false
            }
        }
        return left.components.count < right.components.count
    }
}

extension [Finding] {
    /// In the order of their fields; several about one field stay in the order of the catalogue.
    package func sortedByField() -> [Finding] {
        // Mostly they come in this order.
        if zip(self, dropFirst()).allSatisfy({ !FieldPath.precedes($1.path, $0.path) }) { return self }
        return enumerated().sorted { left, right in
            if left.element.path == right.element.path { return left.offset < right.offset }
            return FieldPath.precedes(left.element.path, right.element.path)
        }
        .map(\.element)
    }
}
