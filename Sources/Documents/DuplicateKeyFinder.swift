internal import KubernetesTypes

/// Finds the keys that an object has more than once, in linear time and without allocating for the objects that have
/// none.
struct DuplicateKeyFinder {
    /// Up to here all pairs of keys are compared, which is faster than hashing them; most objects have fewer.
    private static let fewKeys = 16

    /// One field of the object in question.
    struct Field {
        var key: Text
        /// Texts that differ have different marks, mostly.
        var mark: UInt64
        var value: Value
    }

    /// A field whose key an earlier field has: both as indices into `fields`, the first being the key's first.
    struct Repetition {
        var first: Int
        var second: Int
    }

    /// The fields of the object last looked at, in order; not kept where it has no repetitions.
    private(set) var fields: [Field] = []
    private(set) var repetitions: [Repetition] = []
    /// Index into `fields` plus one, or 0: an open-addressed hash table.
    private var table: [Int32] = []

    /// Looks at all fields of `object`. Nothing but their number and the marks of their keys, for nearly every object.
    mutating func search(_ object: Value) {
        if !repetitions.isEmpty { repetitions.removeAll(keepingCapacity: true) }
        if !Self.hasDistinctMarks(object) { search(object) { _ in true } }
    }

    private static func hasDistinctMarks(_ object: Value) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: fewKeys) { marks in
            guard let count = object.keyMarks(into: marks) else { return false }
            for second in 1..<max(1, count) {
                for first in 0..<second where marks[first] == marks[second] { return false }
            }
            return true
        }
    }

    /// Looks at the fields of `object` that `isIncluded` selects by their value, and keeps them in `fields`.
    mutating func search(_ object: Value, where isIncluded: (Value) -> Bool) {
        fields.removeAll(keepingCapacity: true)
        repetitions.removeAll(keepingCapacity: true)
        for field in object.fields where isIncluded(field.value) {
            fields.append(Field(key: field.key, mark: field.key.mark, value: field.value))
        }
        if fields.count <= Self.fewKeys { comparePairs() } else { hash() }
    }

    private mutating func comparePairs() {
        fields.withUnsafeBufferPointer { fields in
            for second in fields.indices.dropFirst() {
                let field = fields[second]
                for first in 0..<second where fields[first].mark == field.mark && fields[first].key == field.key {
                    repetitions.append(Repetition(first: first, second: second))
                    break
                }
            }
        }
    }

    private mutating func hash() {
        var size = 64
        while size < fields.count * 2 { size *= 2 }
        table.removeAll(keepingCapacity: true)
        table.append(contentsOf: repeatElement(0, count: size))
        for second in fields.indices {
            var hasher = Hasher()
            fields[second].key.hash(into: &hasher)
            var slot = hasher.finalize() & (size - 1)
            while table[slot] != 0, !(fields[Int(table[slot]) - 1].key == fields[second].key) {
                slot = (slot + 1) & (size - 1)
            }
            if table[slot] == 0 {
                table[slot] = Int32(truncatingIfNeeded: second + 1)
            } else {
                repetitions.append(Repetition(first: Int(table[slot]) - 1, second: second))
            }
        }
    }

    /// What was found, as a user is told it.
    var duplicateKeys: [DuplicateKey] {
        repetitions.map { repetition in
            DuplicateKey(
                key: String(fields[repetition.second].key),
                first: fields[repetition.first].value.keyPosition ?? .unknown,
                second: fields[repetition.second].value.keyPosition ?? .unknown)
        }
    }
}
