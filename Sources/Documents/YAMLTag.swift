internal import KubernetesTypes

/// An explicit tag of a scalar, such as `!!int`.
///
/// A tag that asks for a type is an assertion: `!!int 3` is 3 and `!!int x` an error. It holds for quoted scalars too:
/// `!!int "3"` is 3. Tags that nobody knows (`!vault`) make a string of whatever follows; on mappings and sequences tags
/// mean nothing at all.
enum YAMLTag {
    case string, bool, int, float, null, timestamp, binary, other

    private static let prefix: StaticString = "tag:yaml.org,2002:"

    init(_ tag: Text) {
        guard tag.hasPrefix(Self.prefix) else {
            self = .other
            return
        }
        let name = tag.dropFirst(Self.prefix.utf8CodeUnitCount)
        switch true {
        case name == "str": self = .string
        case name == "bool": self = .bool
        case name == "int": self = .int
        case name == "float": self = .float
        case name == "null": self = .null
        case name == "timestamp": self = .timestamp
        case name == "binary": self = .binary
        default: self = .other
        }
    }

    private var name: String {
        switch self {
        case .string: "!!str"
        case .bool: "!!bool"
        case .int: "!!int"
        case .float: "!!float"
        case .null: "!!null"
        case .timestamp: "!!timestamp"
        case .binary: "!!binary"
        case .other: "!"
        }
    }

    /// The value of `text` under this tag. `.string` for `.binary` too: the caller decodes it.
    func resolve(_ text: Text, at position: SourcePosition) throws(DocumentError) -> YAMLScalar {
        switch self {
        case .string, .other, .binary: return .string
        case .timestamp:
            if YAMLTimestamp.isTimestamp(text) { return .string }
        case .bool, .int, .float, .null: break
        }
        // The reader that this one follows looks for a timestamp only where it has no other tag to go by.
        let value = YAMLScalar.plain(text)
        switch (self, value) {
        case (.bool, .bool), (.int, .int), (.int, .unsigned), (.float, .double), (.null, .null): return value
        case (.float, .int(let int)): return .double(Double(int))
        default:
            throw DocumentError(.value, "\(name) does not fit: this is \(value.name)", at: position)
        }
    }
}
