import KubernetesTypes

/// What is wrong with an id that must be a canonical lowercase UUID.
struct UUIDFault {
    /// The value found.
    let shown: String
    let detail: String
    let hint: String?

    /// - Returns: nil where the text is a canonical lowercase UUID of any version.
    init?(_ text: Text) {
        guard let fault = UUIDSyntax.fault(in: text) else { return nil }
        shown = Self.show(text)
        detail = fault.description
        hint = fault.canonicalSpelling.map { "write \"\($0)\"" }
    }

    /// - Returns: nil where the text is not the nil UUID.
    init?(nil text: Text) {
        guard text == "00000000-0000-0000-0000-000000000000" else { return nil }
        shown = Self.show(text)
        detail = "must not be the nil UUID, which stands for none"
        hint = nil
    }

    /// - Returns: nil where the text is a version 4 UUID, or none at all, or the nil UUID, which `init(nil:)` names.
    init?(version text: Text) {
        guard UUIDSyntax.fault(in: text) == nil, UUIDFault(nil: text) == nil, let version = text.byte(at: 14),
            let variant = text.byte(at: 19)
        else { return nil }
        shown = Self.show(text)
        hint = nil
        let variants: [UInt8] = [UInt8(ascii: "8"), UInt8(ascii: "9"), UInt8(ascii: "a"), UInt8(ascii: "b")]
        if version != UInt8(ascii: "4") {
            detail = "must be a version 4 UUID, and is of version \(Character(UnicodeScalar(version)))"
        } else if !variants.contains(variant) {
            detail = "must be of RFC 9562's variant: the 20th character is 8, 9, a or b"
        } else {
            return nil
        }
    }

    /// An id in a message: never cut short where it has a UUID's length.
    static func show(_ text: Text) -> String { quoted(String(text)) }
}
