package import KubernetesTypes

/// The id of a node class, to compare by: two spellings of one UUID are one class.
package enum ClassID: Hashable, Sendable {
    case uuid(UUIDKey)
    /// No UUID at all, which other rules refuse; still the same as another of its spelling.
    case other(String)

    package init(_ text: Text) {
        if let key = UUIDKey(anySpelling: text) { self = .uuid(key) } else { self = .other(String(text).lowercased()) }
    }

    package init(_ string: String) {
        self = string.withText { ClassID($0) }
    }

    package var isEmpty: Bool { self == .other("") }
}

extension ClassID: CustomStringConvertible {
    package var description: String {
        switch self {
        case .uuid(let key): key.description
        case .other(let text): text
        }
    }
}
