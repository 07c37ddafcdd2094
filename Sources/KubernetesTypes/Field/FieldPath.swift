/// The path of a field from the root of an object, as Kubernetes writes it: `spec.kubernetes.nodes[7].id`,
/// `metadata.labels[unikorn-cloud.org/name]` (upstream: `k8s.io/apimachinery/pkg/util/validation/field.Path`).
///
/// A path is built only where something is reported about its field; a valid object builds none.
package struct FieldPath: Hashable, Sendable {
    package enum Component: Hashable, Sendable {
        /// A field of a struct: `.name`.
        case field(String)
        /// An element of a list, from 0: `[3]`.
        case index(Int)
        /// A key of a map, whose keys are data: `[unikorn-cloud.org/name]`.
        case key(String)
    }

    package var components: [Component]

    /// The path of nested fields from the root.
    package init(_ fields: String...) {
        components = fields.map(Component.field)
    }

    package init(components: [Component]) {
        self.components = components
    }

    package consuming func field(_ name: String) -> FieldPath { appending(.field(name)) }
    package consuming func index(_ index: Int) -> FieldPath { appending(.index(index)) }
    package consuming func key(_ key: String) -> FieldPath { appending(.key(key)) }

    /// A path that nobody else holds grows in place: one that is built from a constant is copied once.
    private consuming func appending(_ component: Component) -> FieldPath {
        var path = consume self
        path.components.append(component)
        return path
    }
}

extension FieldPath: CustomStringConvertible {
    package var description: String {
        var text: [UInt8] = []
        append(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the path as it is written in messages.
    package func append(to text: inout [UInt8]) {
        for (position, component) in components.enumerated() {
            switch component {
            case .field(let name):
                if position > 0 { text.append(UInt8(ascii: ".")) }
                text.append(utf8: name)
            case .index(let index):
                text.append(UInt8(ascii: "["))
                text.append(jsonInteger: index)
                text.append(UInt8(ascii: "]"))
            case .key(let key):
                text.append(UInt8(ascii: "["))
                text.append(utf8: key)
                text.append(UInt8(ascii: "]"))
            }
        }
    }
}
