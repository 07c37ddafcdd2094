import KubernetesTypes

/// What is wrong with an id that must be a canonical lowercase UUID.
struct UUIDFault {
    /// The value found.
    let shown: String
    let detail: String
    let hint: String?

    /// - Returns: nil where the text is a canonical lowercase UUID of any version.
    init?(_ text: Text) {
        // Asked first without a reason, which costs nothing.
        if UUIDKey(canonical: text) != nil { return nil }
        do throws(UUIDError) {
            _ = try UUIDKey(text)
            return nil
        } catch {
            shown = show(text)
            hint = error.canonical.map { "write \"\($0)\"" }
            detail =
                hint == nil
                ? "must be a lowercase UUID, hexadecimal digits in groups of 8-4-4-4-12" : "must be a lowercase UUID"
        }
    }

    /// - Returns: nil where the text is not the nil UUID.
    init?(nil text: Text) {
        guard UUIDKey(canonical: text)?.isNil == true else { return nil }
        shown = show(text)
        detail = "must not be the nil UUID, which stands for none"
        hint = nil
    }

    /// - Returns: nil where the text is a version 4 UUID, or none at all, or the nil UUID, which `init(nil:)` names.
    init?(version text: Text) {
        guard let key = UUIDKey(canonical: text), !key.isNil, !key.isVersion4 else { return nil }
        shown = show(text)
        hint = nil
        detail =
            key.version == 4
            ? "must be of RFC 9562's variant: its 20th character is 8, 9, a or b"
            : "must be a version 4 UUID, and is of version \(key.version)"
    }
}
