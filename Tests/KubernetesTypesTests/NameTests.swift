import KubernetesTypes
import Testing

@Suite struct NameTests {
    static let label63 = String(repeating: "a", count: 63)
    static let subdomain253 = [label63, label63, label63, String(repeating: "a", count: 61)].joined(separator: ".")

    /// What each function of Go says to a text: label, subdomain, label value, label key.
    static let verdicts: [(text: String, valid: String)] = [
        ("", "value"),
        ("a", "label subdomain value key"), ("0", "label subdomain value key"), ("A", "value key"),
        ("-", ""), ("_", ""), (".", ""), ("a-", ""), ("-a", ""), ("a_", ""), ("_a", ""), (".a", ""), ("a.", ""),
        ("a-b", "label subdomain value key"), ("a--b", "label subdomain value key"), ("a_b", "value key"),
        ("a.b", "subdomain value key"), ("a..b", "value key"), ("a.-b", "value key"), ("a-.b", "value key"),
        ("a.b-", ""), ("a._b", "value key"), ("1.2.3.4", "subdomain value key"), ("aB", "value key"),
        ("a b", ""), (" a", ""), ("a ", ""), ("a\n", ""), ("\na", ""), ("a\r\n", ""), ("a\u{0}", ""), ("a/b", "key"),
        ("a:b", ""), ("a@b", ""), ("*.a", ""), ("\u{E9}", ""), ("a\u{E9}", ""), ("\u{FF41}", ""), ("1\u{0663}", ""),
        // The Kelvin sign and the long s: letters whose lowercase or uppercase is ASCII.
        ("\u{212A}", ""), ("\u{17F}", ""), ("\u{FEFF}a", ""), ("a\u{200B}", ""), ("a\u{A0}", ""), ("a\u{2028}", ""),
        ("xn--bcher-kva", "label subdomain value key"), ("true", "label subdomain value key"),
        ("unikorn-cloud.org", "subdomain value key"), ("DE-central-0", "value key"),
        ("kubernetes.region.unikorn-cloud.org/node-class", "key"), ("g-4.medium_x", "value key"),
        ("4be04a2e-87e6-4ff2-b34b-2994ee1600ba", "label subdomain value key"),
        ("{4be04a2e-87e6-4ff2-b34b-2994ee1600ba}", ""),
        (label63, "label subdomain value key"), (label63 + "a", "subdomain"), (label63 + "a.b", "subdomain"),
        ("a" + String(repeating: "-", count: 61) + "b", "label subdomain value key"),
        (subdomain253, "subdomain"), (subdomain253 + "a", ""), (String(repeating: "a", count: 253), "subdomain"),
        (subdomain253 + "/" + label63, "key"), (subdomain253 + "a/a", ""), ("a/" + label63 + "a", ""),
        ("a/", ""), ("/a", ""), ("/", ""), ("a/b/c", ""), ("A/b", ""), ("a/B", "key"), ("a_b/c", ""),
        ("a.b/c_d", "key"),
    ]

    @Test(arguments: verdicts)
    func agreesWithGo(text: String, valid: String) {
        let expected = Set(valid.split(separator: " ").map(String.init))
        #expect((DNS1123.label(text) == nil) == expected.contains("label"))
        #expect((DNS1123.subdomain(text) == nil) == expected.contains("subdomain"))
        #expect((LabelSyntax.value(text) == nil) == expected.contains("value"))
        #expect((LabelSyntax.key(text) == nil) == expected.contains("key"))
        // The pattern of display names is that of label values, but for the empty one.
        #expect((LabelSyntax.displayName(text) == nil) == (expected.contains("value") && !text.isEmpty))
    }

    @Test(arguments: [
        ("", NameError(.dnsLabel, .empty)),
        ("My-Name", NameError(.dnsLabel, .uppercase(lowercased: "my-name"))),
        ("My_Name", NameError(.dnsLabel, .badCharacter("M", at: 0))),
        ("my_name", NameError(.dnsLabel, .badCharacter("_", at: 2))),
        ("my.name", NameError(.dnsLabel, .badCharacter(".", at: 2))),
        ("-a", NameError(.dnsLabel, .badStart("-", at: 0))),
        ("ab-", NameError(.dnsLabel, .badEnd("-", at: 2))),
        ("a\u{202E}b", NameError(.dnsLabel, .badCharacter("\\u{202E}", at: 1))),
        (label63 + "a", NameError(.dnsLabel, .tooLong(part: .whole, bytes: 64, limit: 63))),
    ])
    func saysWhatIsWrongWithALabel(text: String, error: NameError) {
        #expect(DNS1123.label(text) == error)
    }

    @Test(arguments: [
        ("a..b", NameError(.dnsSubdomain, .emptyPart(at: 2))),
        ("a.b.", NameError(.dnsSubdomain, .emptyPart(at: 4))),
        (".a", NameError(.dnsSubdomain, .emptyPart(at: 0))),
        ("a.-b", NameError(.dnsSubdomain, .badStart("-", at: 2))),
        ("a-.b", NameError(.dnsSubdomain, .badEnd("-", at: 1))),
        ("Region.Example.com", NameError(.dnsSubdomain, .uppercase(lowercased: "region.example.com"))),
    ])
    func saysWhatIsWrongWithASubdomain(text: String, error: NameError) {
        #expect(DNS1123.subdomain(text) == error)
    }

    @Test(arguments: [
        ("a/b/c", NameError(.labelKey, .secondSlash(at: 3))),
        ("/c", NameError(.labelKey, .emptyPart(at: 0))),
        ("c/", NameError(.labelKey, .emptyPart(at: 2))),
        ("", NameError(.labelKey, .empty)),
        ("Example.com/Name", NameError(.labelKey, .uppercase(lowercased: "example.com/Name"))),
        ("a/" + label63 + "a", NameError(.labelKey, .tooLong(part: .name, bytes: 64, limit: 63))),
        (subdomain253 + "a/b", NameError(.labelKey, .tooLong(part: .prefix, bytes: 254, limit: 253))),
    ])
    func saysWhatIsWrongWithAKey(text: String, error: NameError) {
        #expect(LabelSyntax.key(text) == error)
    }

    @Test(arguments: NameError.Kind.allCases)
    func messagesSayWhatIsAllowed(kind: NameError.Kind) {
        #expect(kind.allowed.contains("for example"))
        #expect(NameError(kind, .empty).description == "is empty: " + kind.allowed)
        #expect(
            NameError(kind, .uppercase(lowercased: "a")).description.hasPrefix(
                "has uppercase letters, did you mean \"a\"?: "))
    }

    @Test func noTextCrashes() {
        var generator = FixedGenerator(seed: 5)
        for name in ["kubernetes.region.unikorn-cloud.org/node-class", "de-central-0", "g-4.medium_x", "A.b"] {
            for bytes in mutations(of: name, using: &generator) {
                bytes.withText { text in
                    let errors = [
                        DNS1123.label(text), DNS1123.subdomain(text), LabelSyntax.value(text), LabelSyntax.key(text),
                        LabelSyntax.displayName(text),
                    ]
                    for error in errors.compactMap({ $0 }) { #expect(!error.description.isEmpty) }
                }
            }
        }
    }
}
