/// Why a text does not follow the syntax of a kind of name: which kind, and what was found.
package struct NameError: Error, Equatable, Sendable {
    /// The kinds of names.
    package enum Kind: Sendable, CaseIterable {
        case dnsLabel, dnsSubdomain, labelValue, labelKey, displayName
    }

    package enum Reason: Equatable, Sendable {
        case empty
        /// The name, or a part of it, is longer than `limit` bytes.
        case tooLong(part: Part, bytes: Int, limit: Int)
        /// A character that no place of the name may have.
        case badCharacter(String, at: Int)
        /// A character that may only stand between two others.
        case badStart(String, at: Int)
        case badEnd(String, at: Int)
        /// Nothing before, between or after two separators: `a..b`, `/a`.
        case emptyPart(at: Int)
        /// More than one `/` in a label key.
        case secondSlash(at: Int)
        /// Uppercase letters where the name would be valid in lowercase.
        case uppercase(lowercased: String)
    }

    /// The parts of a name that have a length of their own.
    package enum Part: Sendable {
        case whole
        /// Of a label key: the DNS name before the slash.
        case prefix
        /// Of a label key: what stands after the slash.
        case name
    }

    package let kind: Kind
    package let reason: Reason

    package init(_ kind: Kind, _ reason: Reason) {
        self.kind = kind
        self.reason = reason
    }
}

extension NameError: CustomStringConvertible {
    /// What was found and what is allowed, in one line, to be put after the value itself.
    package var description: String { "\(found): \(kind.allowed)" }

    private var found: String {
        switch reason {
        case .empty: "is empty"
        case .tooLong(.whole, let bytes, let limit): "is \(bytes) bytes long, more than \(limit)"
        case .tooLong(.prefix, let bytes, let limit): "has a prefix of \(bytes) bytes, more than \(limit)"
        case .tooLong(.name, let bytes, let limit): "has \(bytes) bytes after the prefix, more than \(limit)"
        case .badCharacter(let found, let offset): "has \"\(found)\" at offset \(offset)"
        case .badStart(let found, let offset): "has \"\(found)\" at offset \(offset), where a part starts"
        case .badEnd(let found, let offset): "has \"\(found)\" at offset \(offset), where a part ends"
        case .emptyPart(let offset): "has an empty part at offset \(offset)"
        case .secondSlash(let offset): "has a second \"/\" at offset \(offset)"
        case .uppercase(let lowercased): "has uppercase letters, did you mean \"\(lowercased)\"?"
        }
    }
}

extension NameError.Kind {
    /// What the syntax allows, with an example.
    package var allowed: String {
        let name =
            "\(LabelSyntax.maximumNameLength) characters of A-Z, a-z, 0-9, \"-\", \"_\" and \".\", "
            + "the first and last of them a letter or digit"
        switch self {
        case .dnsLabel:
            return "a DNS label has 1 to \(DNS1123.maximumLabelLength) characters of a-z, 0-9 and \"-\", "
                + "the first and last of them a letter or digit, for example \"unikorn-region\""
        case .dnsSubdomain:
            return "a DNS subdomain has at most \(DNS1123.maximumSubdomainLength) characters, in parts of a-z, 0-9 and "
                + "\"-\" with \".\" between them, each part with a letter or digit first and last, "
                + "for example \"region.example.com\""
        case .labelValue:
            return "a label value has at most \(name), or none at all, for example \"de-central-0\""
        case .labelKey:
            return "a label key has 1 to \(name), and before them, where needed, a DNS subdomain and \"/\", "
                + "for example \"unikorn-cloud.org/name\""
        case .displayName:
            return "a name has 1 to \(name), for example \"de-central-0\""
        }
    }
}
