/// The names of objects and namespaces. Each function gives nil for a valid name.
///
/// ```
/// label     = alnum [{alnum | "-"} alnum]      at most 63 bytes
/// subdomain = label {"." label}                at most 253 bytes, and so may each of its labels be
/// alnum     = "a"…"z" | "0"…"9"
/// ```
///
/// Source: RFC 1123, section 2.1, in lowercase, as `IsDNS1123Label` and `IsDNS1123Subdomain` of
/// k8s.io/apimachinery/pkg/util/validation read it: a label of a subdomain may be longer than 63 bytes.
package enum DNS1123 {
    /// Bytes of a label: RFC 1035, section 2.3.4.
    package static let maximumLabelLength = 63

    /// Bytes of a whole name: the 255 octets of RFC 1035, less the length octet in front and the root's at the end.
    package static let maximumSubdomainLength = 253

    package static func label(_ text: Text) -> NameError? {
        NameScanner(text, kind: .dnsLabel).check(0, text.count, limit: maximumLabelLength, alphabet: .dnsLabel)
    }

    package static func subdomain(_ text: Text) -> NameError? {
        NameScanner(text, kind: .dnsSubdomain)
            .check(0, text.count, limit: maximumSubdomainLength, alphabet: .dnsSubdomain)
    }

    package static func label(_ string: String) -> NameError? { string.withText { label($0) } }

    package static func subdomain(_ string: String) -> NameError? { string.withText { subdomain($0) } }
}
