/// The address of a server: an absolute `http` or `https` URL.
///
/// ```
/// url       = scheme "://" [userinfo "@"] host [":" [port]] [path] ["?" query] ["#" fragment]
/// scheme    = "http" | "https", of either case
/// host      = "[" IPv6 ["%25" zone] "]" | name
/// port      = digits: 1 to 65535
/// ```
///
/// It accepts what Go's `url.Parse` accepts for such an address, and then asks for what a client needs to connect: one
/// of the two schemes, a host, a port that exists. Nothing is decoded; `host` is a view of the text.
///
/// It is stricter than Go in two points that no working address depends on: a host name has none of `"`, `<`, `>` and `]`,
/// and control characters are refused in the fragment too.
///
/// Sources: RFC 3986, sections 3.1 and 3.2; RFC 6874 for the zone; Go's package net/url.
package struct URLSyntax {
    package enum Scheme: String, Sendable {
        case http, https
    }

    /// The longest URL, in bytes: what servers take in a request line, and far more than any address needs.
    package static let maximumLength = 2048

    package let scheme: Scheme
    /// Without the brackets of an IPv6 address.
    package let host: Text
    /// Nil where the URL names none.
    package let port: UInt16?
    /// Whether a user name or password stands before the host.
    package let hasUserInfo: Bool

    package init(_ text: Text) throws(URLError) {
        guard !text.isEmpty else { throw .empty }
        guard text.count <= Self.maximumLength else { throw .tooLong(bytes: text.count) }
        if let offset = text.bytes.firstIndex(where: { $0 < 0x20 || $0 == 0x7F }) {
            throw .badCharacter(at: offset, found: text.character(at: offset))
        }
        let (scheme, start) = try Self.scheme(text)
        self.scheme = scheme
        // The authority ends where the path, the query or the fragment begins.
        let end = text.bytes[start...].firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? text.count
        try Self.checkEscapes(text, from: end)

        let at = text.bytes[start..<end].lastIndex(of: UInt8(ascii: "@"))
        hasUserInfo = at != nil
        if let at { try Self.checkUserInfo(text, start, at) }
        (host, port) = try URLAuthority.hostAndPort(text, (at ?? start - 1) + 1, end)
    }

    /// Runs `body` on the URL of a string.
    package static func check(_ string: String) -> URLError? {
        string.withText { text in
            do throws(URLError) {
                _ = try URLSyntax(text)
                return nil
            } catch {
                return error
            }
        }
    }

    /// The scheme, and the offset after `://`.
    private static func scheme(_ text: Text) throws(URLError) -> (Scheme, Int) {
        guard let colon = text.bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { throw .noScheme }
        let name = text.slice(0, colon)
        guard name.bytes.allSatisfy({ ASCII.isAlphanumeric($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E }),
            ASCII.isLetter(text.bytes[0])
        else { throw .noScheme }
        guard let scheme = scheme(named: name) else {
            // `example.com:6443` has no scheme, although it reads as one.
            let isPort = text.byte(at: colon + 1).map(ASCII.isDigit) ?? false
            throw isPort ? .noScheme : .unknownScheme(PrintableText.escaped(name, limit: shownLength))
        }
        guard text.byte(at: colon + 1) == 0x2F, text.byte(at: colon + 2) == 0x2F else { throw .noHost }
        return (scheme, colon + 3)
    }

    private static func scheme(named name: Text) -> Scheme? {
        let https: StaticString = "https"
        guard name.count == 4 || name.count == 5 else { return nil }
        for offset in 0..<name.count {
            guard ASCII.lowercased(name.bytes[offset]) == https.utf8Start[offset] else { return nil }
        }
        return name.count == 4 ? .http : .https
    }

    /// A percent sign of the path or fragment is followed by two digits; a query is taken as it is.
    private static func checkEscapes(_ text: Text, from start: Int) throws(URLError) {
        let bytes = text.bytes
        let fragment = bytes[start...].firstIndex(of: UInt8(ascii: "#")) ?? bytes.count
        let query = bytes[start..<fragment].firstIndex(of: UInt8(ascii: "?")) ?? fragment
        for offset in start..<bytes.count where bytes[offset] == UInt8(ascii: "%") {
            if offset >= query && offset < fragment { continue }
            guard URLAuthority.isEscape(text, at: offset) else { throw .badEscape(at: offset) }
        }
    }

    private static func checkUserInfo(_ text: Text, _ start: Int, _ end: Int) throws(URLError) {
        for offset in start..<end {
            let byte = text.bytes[offset]
            if byte == UInt8(ascii: "%") {
                guard URLAuthority.isEscape(text, at: offset) else { throw .badEscape(at: offset) }
            } else if !ASCII.isAlphanumeric(byte) && !URLAuthority.isOneOf(byte, "-._:~!$&'()*+,;=@") {
                throw .badCharacter(at: offset, found: text.character(at: offset))
            }
        }
    }

    /// Schemes have a few letters.
    private static let shownLength = 24
}

/// Why a text is no address of a server.
package enum URLError: Error, Equatable, Sendable {
    case empty
    case tooLong(bytes: Int)
    /// No `http://` or `https://` in front.
    case noScheme
    case unknownScheme(String)
    case noHost
    /// A character that the place does not allow.
    case badCharacter(at: Int, found: String)
    /// A percent sign that is not followed by two hexadecimal digits.
    case badEscape(at: Int)
    case badPort(String)
    case badIPv6(String)
}

extension URLError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .empty: "is empty: \(Self.allowed)"
        case .tooLong(let bytes): "is \(bytes) bytes long, more than \(URLSyntax.maximumLength): \(Self.allowed)"
        case .noScheme: "has no \"https://\" in front: \(Self.allowed)"
        case .unknownScheme(let scheme): "has the scheme \"\(scheme)\": \(Self.allowed)"
        case .noHost: "has no host: \(Self.allowed)"
        case .badCharacter(let offset, let found): "has \"\(found)\" at offset \(offset): \(Self.allowed)"
        case .badEscape(let offset):
            "has a \"%\" at offset \(offset) without two hexadecimal digits after it: \(Self.allowed)"
        case .badPort(let port): "has the port \"\(port)\", which is not 1 to 65535: \(Self.allowed)"
        case .badIPv6(let host): "has \"\(host)\" in brackets, which is no IPv6 address: \(Self.allowed)"
        }
    }

    private static let allowed =
        "an address is an absolute http or https URL, for example \"https://kubernetes.example.com:6443\""
}
