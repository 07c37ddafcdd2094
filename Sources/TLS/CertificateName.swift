import Glibc

/// A name a certificate is made for.
package enum CertificateName: Equatable, Sendable {
    /// Lowercase; may begin with the wildcard label `*`.
    case dns(String)
    /// IPv4 or IPv6, in the form `inet_ntop` writes.
    case ip(String)

    /// Longest name DNS allows, written with dots.
    private static let maximumLength = 253
    private static let maximumLabelLength = 63

    /// Reads a DNS name or an IP address (without brackets); nothing for anything else.
    ///
    ///     dns   = [ "*." ] label *( "." label )
    ///     label = 1*63( letter / digit / "-" / "_" )      ; does not begin or end with "-"
    ///
    /// A name of digits and dots alone is an IP address or nothing.
    package init?(_ text: String) {
        // Neither form has a NUL byte, which C would take for the end.
        guard !text.isEmpty, text.utf8.count <= Self.maximumLength, !text.utf8.contains(0) else { return nil }
        if let address = Self.normalizedAddress(text, AF_INET) ?? Self.normalizedAddress(text, AF_INET6) {
            self = .ip(address)
            return
        }
        let lowercased = text.lowercased()
        var labels = lowercased.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)[...]
        if labels.count > 1, labels.first?.elementsEqual("*".utf8) == true { labels = labels.dropFirst() }
        guard labels.allSatisfy({ Self.isLabel($0) }),
            let last = labels.last, !last.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        self = .dns(lowercased)
    }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        let hyphen = UInt8(ascii: "-")
        guard (1...maximumLabelLength).contains(label.count), label.first != hyphen, label.last != hyphen else {
            return false
        }
        return label.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), hyphen,
                UInt8(ascii: "_"):
                true
            default:
                false
            }
        }
    }

    private static func normalizedAddress(_ text: String, _ family: Int32) -> String? {
        // Large enough for either family.
        var address = [UInt8](repeating: 0, count: 16)
        guard inet_pton(family, text, &address) == 1 else { return nil }
        var characters = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard let start = inet_ntop(family, &address, &characters, socklen_t(characters.count)) else { return nil }
        return String(cString: start)
    }
}
