/// A JSON document that can be written with one value replaced, and tells where that value then stands.
indirect enum Tree: Sendable {
    case object([(key: String, value: Tree)])
    case list([Tree])
    case string(String)
    case integer(Int)
    case boolean(Bool)
    /// A string that may be an integer, too.
    case quantity(String)
    /// Whatever its users keep in it.
    case anything(String)

    enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    /// The paths of all values below this one.
    var paths: [[Step]] {
        switch self {
        case .object(let fields): fields.flatMap { field in Self.below(.key(field.key), field.value) }
        case .list(let elements): elements.enumerated().flatMap { Self.below(.index($0), $1) }
        default: []
        }
    }

    private static func below(_ step: Step, _ value: Tree) -> [[Step]] {
        [[step]] + value.paths.map { [step] + $0 }
    }

    subscript(path: ArraySlice<Step>) -> Tree? {
        guard let step = path.first else { return self }
        switch (self, step) {
        case (.object(let fields), .key(let key)):
            return fields.first { $0.key == key }?.value[path.dropFirst()]
        case (.list(let elements), .index(let index)) where elements.indices.contains(index):
            return elements[index][path.dropFirst()]
        default: return nil
        }
    }

    /// One line of JSON.
    ///
    /// `replaced` is the path of a value that is written as `text`; `column` is where that starts, from 1.
    func json(replacing replaced: [Step] = [], with text: String = "") -> (json: String, column: Int) {
        var writer = Writer(replaced: replaced, text: text)
        writer.write(self, [])
        return (writer.json, writer.column)
    }

    private struct Writer {
        let replaced: [Step]
        let text: String
        var json = ""
        var column = 0

        mutating func write(_ tree: Tree, _ path: [Step]) {
            if !replaced.isEmpty, path == replaced {
                column = json.unicodeScalars.count + 1
                json += text
                return
            }
            switch tree {
            case .object(let fields):
                for (position, field) in fields.enumerated() {
                    json += (position == 0 ? "{" : ",") + "\"\(field.key)\":"
                    write(field.value, path + [.key(field.key)])
                }
                json += "}"
            case .list(let elements):
                json += "["
                for (index, element) in elements.enumerated() {
                    if index > 0 { json += "," }
                    write(element, path + [.index(index)])
                }
                json += "]"
            case .string(let string), .quantity(let string), .anything(let string): json += "\"\(string)\""
            case .integer(let integer): json += "\(integer)"
            case .boolean(let boolean): json += "\(boolean)"
            }
        }
    }
}

extension [Tree.Step] {
    /// As messages write it: the keys of labels and annotations in brackets.
    var field: String {
        var text = ""
        var isMap = false
        for step in self {
            switch step {
            case .key(let key):
                text += isMap ? "[\(key)]" : (text.isEmpty ? "" : ".") + key
                isMap = key == "labels" || key == "annotations"
            case .index(let index): text += "[\(index)]"
            }
        }
        return text
    }
}
