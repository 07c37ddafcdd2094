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

extension Value {
    /// The value a path leads to from this one, or where the path ends in a field that is not there, its innermost
    /// ancestor that is; `isExact` tells which.
    package func resolve(_ path: FieldPath) -> (value: Value, isExact: Bool) {
        var current = self
        for component in path.components {
            let next: Value?
            switch component {
            case .field(let name), .key(let name): next = current[key: name]
            case .index(let index):
                var elements = current.elements
                var element = elements.next()
                var remaining = index
                while remaining > 0, element != nil {
                    element = elements.next()
                    remaining -= 1
                }
                next = element
            }
            guard let next else { return (current, false) }
            current = next
        }
        return (current, true)
    }

    /// The path of a value inside this one; nil when it is not inside. Walks down to it, for errors only.
    package func path(to descendant: Value) -> FieldPath? {
        var components: [FieldPath.Component] = []
        var current = self
        while current.index != descendant.index {
            guard let (component, child) = current.child(holding: descendant.index) else { return nil }
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

    private func child(holding index: Int) -> (FieldPath.Component, Value)? {
        for field in fields where index >= field.value.index && index < field.value.end {
            return (.field(String(field.key)), field.value)
        }
        for (position, element) in elements.enumerated() where index >= element.index && index < element.end {
            return (.index(position), element)
        }
        return nil
    }
}
