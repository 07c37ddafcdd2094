package import KubernetesTypes

/// A JSON value that can be changed, for applying patches with code of its own.
package indirect enum JSONTree {
    case object([(key: String, value: JSONTree)])
    case array([JSONTree])
    /// As JSON.
    case scalar([UInt8])

    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package init(_ value: Value) {
        switch value.kind {
        case .object: self = .object(value.fields.map { (String($0.key), JSONTree($0.value)) })
        case .array: self = .array(value.elements.map { JSONTree($0) })
        default: self = .scalar(value.jsonText)
        }
    }

    /// Replaces the value at a path, or adds the last field of it: RFC 6902, section 4.1, for members of objects.
    package mutating func set(_ new: JSONTree, at path: [String]) throws {
        try set(new, at: path[...])
    }

    private mutating func set(_ new: JSONTree, at path: ArraySlice<String>) throws {
        guard let step = path.first else {
            self = new
            return
        }
        let rest = path.dropFirst()
        switch self {
        case .object(var fields):
            if let index = fields.firstIndex(where: { $0.key.utf8.elementsEqual(step.utf8) }) {
                try fields[index].value.set(new, at: rest)
            } else {
                guard rest.isEmpty else { throw Failure(description: "no such path: \(step)") }
                fields.append((step, new))
            }
            self = .object(fields)
        case .array(var elements):
            guard let index = Int(step), elements.indices.contains(index), !rest.isEmpty else {
                throw Failure(description: "no such path: \(step)")
            }
            try elements[index].set(new, at: rest)
            self = .array(elements)
        case .scalar: throw Failure(description: "no such path: \(step)")
        }
    }

    /// The value without what stands in the containers at JSON pointers: in each of them, where a key stands twice.
    package init(_ value: Value, emptying pointers: [String]) {
        self.init(value)
        for pointer in pointers { empty(at: Self.path(pointer)[...]) }
    }

    /// The keys of a JSON pointer without escapes.
    package static func path(_ pointer: String) -> [String] { pointer.split(separator: "/").map(String.init) }

    private mutating func empty(at path: ArraySlice<String>) {
        guard let step = path.first else {
            switch self {
            case .object: self = .object([])
            case .array: self = .array([])
            case .scalar: break
            }
            return
        }
        guard case .object(var fields) = self else { return }
        for index in fields.indices where fields[index].key.utf8.elementsEqual(step.utf8) {
            fields[index].value.empty(at: path.dropFirst())
        }
        self = .object(fields)
    }

    package var json: [UInt8] {
        var text: [UInt8] = []
        append(to: &text)
        return text
    }

    private func append(to text: inout [UInt8]) {
        switch self {
        case .scalar(let json): text += json
        case .array(let elements): text.append(jsonArray: elements) { $1.append(to: &$0) }
        case .object(let fields):
            text.append(jsonObject: fields) { $1.append(to: &$0) }
        }
    }
}
