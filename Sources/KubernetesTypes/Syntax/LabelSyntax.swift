/// The keys and values of labels, and the display name, which is one. Each function gives nil for valid text.
///
/// ```
/// value       = [name]
/// key         = [subdomain "/"] name           subdomain: see DNS1123
/// displayName = name
/// name        = alnum [{alnum | "-" | "_" | "."} alnum]      at most 63 bytes
/// alnum       = "A"…"Z" | "a"…"z" | "0"…"9"
/// ```
///
/// Sources: `IsValidLabelValue` and `IsQualifiedName` of k8s.io/apimachinery/pkg/util/validation; for the display name,
/// the pattern `^[0-9A-Za-z]([0-9A-Za-z-_.]{0,61}[0-9A-Za-z])?$` of the Unikorn region API.
package enum LabelSyntax {
    /// Bytes of a value, and of a key's name: the pattern's 1 + 61 + 1, and the limit of the API server.
    package static let maximumNameLength = 63

    package static func value(_ text: Text) -> NameError? {
        text.isEmpty ? nil : name(text, kind: .labelValue)
    }

    package static func displayName(_ text: Text) -> NameError? {
        name(text, kind: .displayName)
    }

    package static func key(_ text: Text) -> NameError? {
        let scanner = NameScanner(text, kind: .labelKey)
        guard let slash = text.bytes.firstIndex(of: UInt8(ascii: "/")) else { return name(text, kind: .labelKey) }
        if let second = text.bytes[(slash + 1)...].firstIndex(of: UInt8(ascii: "/")) {
            return NameError(.labelKey, .secondSlash(at: second))
        }
        let limit = DNS1123.maximumSubdomainLength
        return scanner.check(0, slash, limit: limit, alphabet: .dnsSubdomain, part: .prefix)
            ?? scanner.check(slash + 1, text.count, limit: maximumNameLength, alphabet: .label, part: .name)
    }

    private static func name(_ text: Text, kind: NameError.Kind) -> NameError? {
        NameScanner(text, kind: kind).check(0, text.count, limit: maximumNameLength, alphabet: .label)
    }

    package static func value(_ string: String) -> NameError? { string.withText { value($0) } }

    package static func displayName(_ string: String) -> NameError? { string.withText { displayName($0) } }

    package static func key(_ string: String) -> NameError? { string.withText { key($0) } }
}
