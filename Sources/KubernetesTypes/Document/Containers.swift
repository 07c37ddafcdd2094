extension Value {
    /// The fields of an object in document order; empty for anything else. A key that stands twice comes twice: who
    /// reads "the" value takes the last one, as the API server does.
    public struct Fields: Sequence, IteratorProtocol {
        @usableFromInline var cursor: Value
        @usableFromInline let end: Int

        @inlinable
        init(of value: Value) {
            if value.isObject {
                cursor = value.at(value.index &+ 1)
                end = value.end &- 1
            } else {
                cursor = value
                end = value.index
            }
        }

        @inlinable
        public mutating func next() -> (key: Text, value: Value)? {
            guard cursor.index < end, let key = cursor.text else { return nil }
            let value = cursor.at(cursor.index &+ 1)
            cursor = cursor.at(value.end)
            return (key, value)
        }
    }

    /// The elements of an array in order; empty for anything else.
    public struct Elements: Sequence, IteratorProtocol {
        @usableFromInline var cursor: Value
        @usableFromInline let end: Int

        @inlinable
        init(of value: Value) {
            if value.isArray {
                cursor = value.at(value.index &+ 1)
                end = value.end &- 1
            } else {
                cursor = value
                end = value.index
            }
        }

        @inlinable
        public mutating func next() -> Value? {
            guard cursor.index < end else { return nil }
            defer { cursor = cursor.at(cursor.end) }
            return cursor
        }
    }

    public var fields: Fields {
        @inlinable get { Fields(of: self) }
    }

    public var elements: Elements {
        @inlinable get { Elements(of: self) }
    }

    /// The number of elements or fields; 0 for a scalar. Walks the container: the tape's own count saturates.
    public var childCount: Int {
        isObject ? fields.reduce(0) { count, _ in count + 1 } : elements.reduce(0) { count, _ in count + 1 }
    }

    /// Bytes of all strings in the value, keys included, each counted as often as it stands.
    public var textBytes: Int {
        var cursor = self
        var bytes = 0
        while cursor.index < end {
            if let text = cursor.text { bytes += text.count }
            cursor = at(cursor.isObject || cursor.isArray ? cursor.index &+ 1 : cursor.end)
        }
        return bytes
    }

    /// Whether containers nest deeper than `limit`, this value the first level. A container with too few words to do so (each
    /// level takes two) is passed over, so that usual documents cost nothing.
    package func isNested(deeperThan limit: Int) -> Bool {
        var cursor = self
        var depth = 0
        let end = end
        while cursor.index < end {
            switch cursor.tag {
            case Tape.object, Tape.array:
                guard cursor.wordCount >= 2 * (limit - depth + 1) else {
                    cursor = at(cursor.end)
                    continue
                }
                depth += 1
                if depth > limit { return true }
                cursor = at(cursor.index &+ 1)
            case Tape.objectEnd, Tape.arrayEnd:
                depth -= 1
                cursor = at(cursor.index &+ 1)
            default: cursor = at(cursor.end)
            }
        }
        return false
    }

    /// Writes the mark of each key of an object and gives their number; nil where the buffer has no room for all.
    @inlinable
    public func keyMarks(into marks: UnsafeMutableBufferPointer<UInt64>) -> Int? {
        var count = 0
        for field in fields {
            guard count < marks.count else { return nil }
            marks[count] = field.key.mark
            count &+= 1
        }
        return count
    }

    /// Calls `body` with this value, where it is an object, and with every object inside it, in document order.
    public func forEachObject(_ body: (Value) -> Void) {
        var cursor = self
        let end = end
        while cursor.index < end {
            switch cursor.tag {
            case Tape.object:
                body(cursor)
                cursor = at(cursor.index &+ 1)
            case Tape.array: cursor = at(cursor.index &+ 1)
            default: cursor = at(cursor.end)
            }
        }
    }

    /// The value of `key` in an object, the last one where the key stands more than once; nil where it is absent or the
    /// value is no object.
    @inlinable
    public subscript(_ key: StaticString) -> Value? {
        var found: Value?
        for field in fields where field.key == key { found = field.value }
        return found
    }

    /// As the subscript by literal, for a key that is computed.
    public subscript(key key: String) -> Value? {
        var found: Value?
        for field in fields where field.key == key { found = field.value }
        return found
    }

    /// Whether two values are equal as JSON: the same type and content, objects with the same fields in any order.
    ///
    /// Objects written in the same order (as two versions of one object from the API server are) need no table of keys. A
    /// key that stands twice in both, at the same places, is compared each time.
    public func isEqual(to other: Value) -> Bool {
        guard tag == other.tag else {
            if let left = int, let right = other.int { return left == right }
            return false
        }
        switch tag {
        case Tape.object: return fieldsEqual(to: other)
        case Tape.array:
            var left = elements
            var right = other.elements
            while true {
                switch (left.next(), right.next()) {
                case (nil, nil): return true
                case (let first?, let second?): if !first.isEqual(to: second) { return false }
                default: return false
                }
            }
        case Tape.string:
            guard let left = text, let right = other.text else { return false }
            return left == right
        case Tape.int64, Tape.uint64, Tape.double: return tape[index &+ 1] == other.tape[other.index &+ 1]
        default: return true
        }
    }

    /// Every pair of values is compared once, whatever the order of the keys: comparing the values first in document order
    /// and then again by key would double the work at each level, and a review decides how many levels there are.
    private func fieldsEqual(to other: Value) -> Bool {
        guard hasSameKeysInOrder(as: other) else { return fieldsEqualInAnyOrder(to: other) }
        var left = fields
        var right = other.fields
        while let first = left.next(), let second = right.next() {
            if !first.value.isEqual(to: second.value) { return false }
        }
        return true
    }

    private func hasSameKeysInOrder(as other: Value) -> Bool {
        var left = fields
        var right = other.fields
        while true {
            switch (left.next(), right.next()) {
            case (nil, nil): return true
            case (let first?, let second?): if !(first.key == second.key) { return false }
            default: return false
            }
        }
    }

    private func fieldsEqualInAnyOrder(to other: Value) -> Bool {
        var last: [Text: Value] = [:]
        for field in fields { last[field.key] = field.value }
        var otherLast: [Text: Value] = [:]
        for field in other.fields { otherLast[field.key] = field.value }
        guard last.count == otherLast.count else { return false }
        return last.allSatisfy { key, value in otherLast[key].map(value.isEqual(to:)) ?? false }
    }
}
