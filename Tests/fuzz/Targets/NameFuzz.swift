import KubernetesTypes

/// Names, UUIDs, URLs, Base64 and what messages show: each on the same bytes, against a naive reference.
enum NameFuzz {
    static func run(_ bytes: [UInt8]) throws {
        try names(bytes)
        try uuid(bytes)
        try url(bytes)
        try base64(bytes)
        try printable(bytes)
    }

    // MARK: - Names

    private static func names(_ bytes: [UInt8]) throws {
        let verdicts: [(String, NameError?, Bool)] = bytes.withText { text in
            [
                ("label", DNS1123.label(text), isDNSLabel(bytes)),
                ("subdomain", DNS1123.subdomain(text), isSubdomain(bytes)),
                ("value", LabelSyntax.value(text), bytes.isEmpty || isName(bytes)),
                ("key", LabelSyntax.key(text), isKey(bytes)),
                ("display name", LabelSyntax.displayName(text), isName(bytes)),
            ]
        }
        for (what, error, isValid) in verdicts {
            try equal(error == nil, isValid, what)
            if let error { try holdPrintable(error.description) }
        }
    }

    private static let lower = Set("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let letters = lower.union("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)

    private static func isFramed(_ part: some BidirectionalCollection<UInt8>, _ outer: Set<UInt8>, _ inner: String)
        -> Bool
    {
        guard let first = part.first, let last = part.last else { return false }
        return outer.contains(first) && outer.contains(last) && part.allSatisfy(outer.union(inner.utf8).contains)
    }

    private static func isDNSLabel(_ bytes: [UInt8]) -> Bool { bytes.count <= 63 && isFramed(bytes, lower, "-") }

    private static func isSubdomain(_ bytes: [UInt8]) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return bytes.count <= 253 && parts.allSatisfy { isFramed($0, lower, "-") }
    }

    private static func isName(_ bytes: [UInt8]) -> Bool { bytes.count <= 63 && isFramed(bytes, letters, "-_.") }

    private static func isKey(_ bytes: [UInt8]) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Array($0) }
        switch parts.count {
        case 1: return isName(parts[0])
        case 2: return isSubdomain(parts[0]) && isName(parts[1])
        default: return false
        }
    }

    // MARK: - UUIDs

    private static func uuid(_ bytes: [UInt8]) throws {
        let anySpelling = bytes.withText { UUIDKey(anySpelling: $0) }
        let optional = bytes.withText { UUIDKey(canonical: $0) }
        do {
            let key = try bytes.withText { text throws(UUIDError) in try UUIDKey(text) }
            try hold(isCanonical(bytes), "accepted a UUID that is not canonical")
            try equal(Array(key.description.utf8), bytes, "a UUID's text")
            try hold(optional == key && anySpelling == key, "three readings of one UUID")
        } catch let error as UUIDError {
            try hold(!isCanonical(bytes), "refused a canonical UUID: \(error)")
            try holdPrintable(error.description)
            try hold(optional == nil, "read in two ways")
            try equal(error.canonical, anySpelling, "the spelling")
            guard let canonical = error.canonical else { return }
            try equal(try UUIDKey(canonical.description), canonical, "what the error says to write")
        }
    }

    private static func isCanonical(_ bytes: [UInt8]) -> Bool {
        let groups = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let digits = Set("0123456789abcdef".utf8)
        return groups.map(\.count) == [8, 4, 4, 4, 12] && groups.joined().allSatisfy(digits.contains)
    }

    // MARK: - URLs

    private static func url(_ bytes: [UInt8]) throws {
        do {
            try bytes.withText { text in
                let url = try URLSyntax(text)
                try hold(!url.host.isEmpty, "a URL without a host")
                let host = String(url.host)
                // No document holds bytes that are not UTF-8.
                guard host.utf8.elementsEqual(url.host.bytes) else { return }
                let shown = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
                let address = "\(url.scheme)://\(shown)" + (url.port.map { ":\($0)" } ?? "")
                try address.withText { text in
                    let again = try URLSyntax(text)
                    let isSame = again.host == url.host && again.port == url.port && again.scheme == url.scheme
                    try hold(isSame && !again.hasUserInfo, "\(address) reads as another address")
                }
            }
        } catch let error as URLError {
            try holdPrintable(error.description)
        }
    }

    // MARK: - Base64 and messages

    private static func base64(_ bytes: [UInt8]) throws {
        try equal(try Base64.decode(Base64.encode(bytes)), bytes, "Base64")
        do {
            let decoded = try bytes.withText { text throws(Base64Error) in try Base64.decode(text) }
            let plain = bytes.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            let encoded = Array(Base64.encode(decoded).utf8)
            try equal(encoded.count, plain.count, "the length of Base64")
            // The last digit of an incomplete group has bits that no byte holds.
            let whole = max(0, plain.count - 4)
            try equal(encoded.prefix(whole), plain.prefix(whole), "Base64")
        } catch let error as Base64Error {
            try holdPrintable(error.description)
        }
    }

    private static func printable(_ bytes: [UInt8]) throws {
        let string = String(decoding: bytes, as: UTF8.self)
        for limit in [0, 1, 5, PrintableText.defaultLimit, .max] {
            let shown = PrintableText.escaped(string, limit: limit)
            try hold(shown.unicodeScalars.count <= limit, "longer than \(limit)")
            try hold(shown.unicodeScalars.allSatisfy(PrintableText.isSafe), "an unsafe character is shown")
            let isHarmless = string.unicodeScalars.allSatisfy(PrintableText.isSafe)
            if isHarmless, string.unicodeScalars.count <= limit { try equal(shown, string, "a harmless text") }
        }
        let quoted = bytes.withText { PrintableText.quoted($0) }
        try holdPrintable(quoted)
    }
}
