package import KubernetesTypes

/// Why a document cannot be read.
package struct DocumentError: Error, Hashable, Sendable {
    /// What kind of thing is wrong; the message is for people, this is for code.
    package enum Kind: String, Sendable {
        /// The text is not well-formed JSON or YAML.
        case syntax
        /// A mapping has a key twice. Never thrown: duplicate keys are `Document.duplicateKeys`.
        case duplicateKey
        /// Larger, deeper or more expanded than `DocumentLimits` allows.
        case limit
        /// Not UTF-8, or a character that documents may not contain.
        case encoding
        /// Well-formed, but nothing that a Kubernetes object can hold: `.inf`, a mapping as a key, an unknown anchor.
        case value
    }

    package var kind: Kind
    package var message: String
    /// Where in the input it is; `.unknown` for what came over the network.
    package var position: SourcePosition

    package init(_ kind: Kind, _ message: String, at position: SourcePosition) {
        self.kind = kind
        self.message = message
        self.position = position
    }
}

extension DocumentError: CustomStringConvertible {
    package var description: String {
        position == .unknown ? message : "\(position.line):\(position.column): \(message)"
    }
}
