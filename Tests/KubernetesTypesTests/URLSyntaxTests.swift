import KubernetesTypes
import Testing

@Suite struct URLSyntaxTests {
    @Test(arguments: [
        ("https://kubernetes.example.com:6443", URLSyntax.Scheme.https, "kubernetes.example.com", UInt16(6443)),
        ("https://10.0.0.1:6443/", .https, "10.0.0.1", 6443),
        ("http://localhost", .http, "localhost", 0),
        ("HTTPS://Example.COM:1", .https, "Example.COM", 1),
        ("https://[::1]:65535/path?q=%zz#f", .https, "::1", 65535),
        ("https://[fe80::1%25eth0]", .https, "fe80::1%25eth0", 0),
        ("https://[::ffff:1.2.3.4]", .https, "::ffff:1.2.3.4", 0),
        ("https://[1:2:3:4:5:6:7:8]:443", .https, "1:2:3:4:5:6:7:8", 443),
        ("https://[1:2:3:4:5:6:1.2.3.4]", .https, "1:2:3:4:5:6:1.2.3.4", 0),
        ("https://[1::]", .https, "1::", 0),
        ("https://[1:2:3:4:5:6:7::]", .https, "1:2:3:4:5:6:7::", 0),
        ("https://[::]", .https, "::", 0),
        ("https://a:", .https, "a", 0),
        ("https://a:0443", .https, "a", 443),
        ("https://user:pass@host:1/p@th", .https, "host", 1),
        ("https://host?q", .https, "host", 0),
        ("https://host#f", .https, "host", 0),
        ("https://b\u{FC}cher.example", .https, "b\u{FC}cher.example", 0),
        ("https://%c3%a9", .https, "%c3%a9", 0),
        ("https://a_b.example/a b", .https, "a_b.example", 0),
    ])
    func accepts(url: String, scheme: URLSyntax.Scheme, host: String, port: UInt16) throws {
        #expect(URLSyntax.check(url) == nil)
        let result = url.withText { text -> (URLSyntax.Scheme, String, UInt16?)? in
            (try? URLSyntax(text)).map { ($0.scheme, String($0.host), $0.port) }
        }
        let found = try #require(result)
        #expect(found.0 == scheme)
        #expect(found.1 == host)
        #expect(found.2 ?? 0 == port)
    }

    @Test(arguments: [
        ("", URLError.empty),
        ("example.com", .noScheme), ("example.com:6443", .noScheme), ("//example.com", .noScheme),
        ("1https://a", .noScheme),
        (" https://a", .noScheme), ("://a", .noScheme), ("/path", .noScheme), ("10.0.0.1:6443", .noScheme),
        ("ftp://example.com", .unknownScheme("ftp")), ("https+x://a", .unknownScheme("https+x")),
        ("httpx://a", .unknownScheme("httpx")), ("unix:///run/x", .unknownScheme("unix")),
        ("https:", .noHost), ("https:/", .noHost), ("https:a", .noHost), ("https:/a", .noHost), ("https://", .noHost),
        ("https:///path", .noHost), ("https://:6443", .noHost), ("https://?q", .noHost), ("https://#f", .noHost),
        ("https://user@", .noHost), ("https://@:1", .noHost),
        ("https://a b", .badCharacter(at: 9, found: " ")), ("https://a\\b", .badCharacter(at: 9, found: "\\")),
        ("https://a\nb", .badCharacter(at: 9, found: "\\u{000A}")),
        ("https://a/\u{7F}", .badCharacter(at: 10, found: "\\u{007F}")),
        ("https://a|b", .badCharacter(at: 9, found: "|")), ("https://a^", .badCharacter(at: 9, found: "^")),
        ("https://u\"@a", .badCharacter(at: 9, found: "\"")), ("https://[::1]a", .badCharacter(at: 13, found: "a")),
        ("https://a%41", .badCharacter(at: 9, found: "%41")),
        ("https://a/%zz", .badEscape(at: 10)), ("https://a/#%zz", .badEscape(at: 11)),
        ("https://a/%4", .badEscape(at: 10)),
        ("https://a%c", .badEscape(at: 9)), ("https://u%zz@a", .badEscape(at: 9)),
        ("https://a%c3%a", .badEscape(at: 12)),
        ("https://a:0", .badPort("0")), ("https://a:65536", .badPort("65536")), ("https://a:http", .badPort("http")),
        ("https://a:+1", .badPort("+1")), ("https://a:99999999999999999999", .badPort("99999999999999999999")),
        ("https://a:b:1", .badPort("b:1")), ("https://::1", .noHost), ("https://1::1", .badPort(":1")),
        ("https://[::1", .badIPv6("::1")), ("https://[]", .badIPv6("")), ("https://[a.b]", .badIPv6("a.b")),
        ("https://[:::]", .badIPv6(":::")), ("https://[::1::]", .badIPv6("::1::")), ("https://[1:2]", .badIPv6("1:2")),
        ("https://[1:2:3:4:5:6:7:8::]", .badIPv6("1:2:3:4:5:6:7:8::")), ("https://[12345::]", .badIPv6("12345::")),
        ("https://[1:2:3:4:5:6:7:8:9]", .badIPv6("1:2:3:4:5:6:7:8:9")), ("https://[1:]", .badIPv6("1:")),
        ("https://[::1.2.3]", .badIPv6("::1.2.3")), ("https://[::1.2.3.256]", .badIPv6("::1.2.3.256")),
        ("https://[::1.2.3.04]", .badIPv6("::1.2.3.04")), ("https://[fe80::1%eth0]", .badIPv6("fe80::1%eth0")),
        ("https://[fe80::1%25]", .badIPv6("fe80::1%25")), ("https://[1.2.3.4::]", .badIPv6("1.2.3.4::")),
        ("https://" + String(repeating: "a", count: 2041), .tooLong(bytes: 2049)),
    ])
    func refuses(url: String, error: URLError) {
        #expect(URLSyntax.check(url) == error)
        #expect(error.description.contains("for example"))
    }

    /// Go accepts these four characters in a host name, which no host can have, and any in a fragment.
    @Test(arguments: ["https://a\"", "https://a<b", "https://a>b", "https://a]", "https://a#\n"])
    func differsFromGoOnPurpose(url: String) {
        #expect(URLSyntax.check(url) != nil)
    }

    @Test func noTextCrashes() {
        var generator = FixedGenerator(seed: 8)
        for url in ["https://u:p@[fe80::1%25eth0]:6443/a%41?q#f", "http://a.b:1", "https://[1:2::3:1.2.3.4]:80/"] {
            for bytes in mutations(of: url, using: &generator) {
                bytes.withText { text in
                    let error = thrown { () throws(URLError) in _ = try URLSyntax(text) }
                    if let error { #expect(!error.description.isEmpty) }
                }
            }
        }
    }
}
