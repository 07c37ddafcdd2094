/// Host and port of a URL.
enum URLAuthority {
    /// Reads `host[:port]` between two offsets.
    static func hostAndPort(_ text: Text, _ start: Int, _ end: Int) throws(URLError) -> (Text, UInt16?) {
        guard end > start else { throw .noHost }
        if text.bytes[start] == UInt8(ascii: "[") {
            guard let close = text.bytes[start..<end].lastIndex(of: UInt8(ascii: "]")) else {
                throw .badIPv6(PrintableText.escaped(text.slice(start + 1, end)))
            }
            let host = text.slice(start + 1, close)
            guard isIPv6(host) else { throw .badIPv6(PrintableText.escaped(host)) }
            return (host, try port(text, close + 1, end))
        }
        let colon = text.bytes[start..<end].firstIndex(of: UInt8(ascii: ":")) ?? end
        guard colon > start else { throw .noHost }
        try checkName(text, start, colon)
        return (text.slice(start, colon), try port(text, colon, end))
    }

    /// Reads what follows the host: nothing, a colon alone, or a colon and a number.
    private static func port(_ text: Text, _ start: Int, _ end: Int) throws(URLError) -> UInt16? {
        guard end > start else { return nil }
        let digits = text.slice(min(start + 1, end), end)
        guard text.bytes[start] == UInt8(ascii: ":") else {
            throw .badCharacter(at: start, found: text.character(at: start))
        }
        guard !digits.isEmpty else { return nil }
        var number: UInt32 = 0
        for byte in digits.bytes {
            guard ASCII.isDigit(byte) else { throw .badPort(PrintableText.escaped(digits, limit: shownLength)) }
            // No further than one past the largest port, whatever follows.
            number = min(number * 10 + UInt32(byte - 0x30), UInt32(UInt16.max) + 1)
        }
        guard number > 0, let port = UInt16(exactly: number) else {
            throw .badPort(PrintableText.escaped(digits, limit: shownLength))
        }
        return port
    }

    /// A port has five digits; a few more show what was meant.
    private static let shownLength = 24

    /// The characters of a host name: letters, digits, what RFC 3986 calls unreserved and sub-delimiters, and
    /// everything outside of ASCII, which a client translates. An escape stands for a byte outside of ASCII.
    private static func checkName(_ text: Text, _ start: Int, _ end: Int) throws(URLError) {
        for offset in start..<end {
            let byte = text.bytes[offset]
            if byte == UInt8(ascii: "%") {
                guard isEscape(text, at: offset), offset + 2 < end else { throw .badEscape(at: offset) }
                // 80 to FF.
                guard let first = ASCII.hexValue(text.bytes[offset + 1]), first >= 8 else {
                    throw .badCharacter(at: offset, found: PrintableText.escaped(text.slice(offset, offset + 3)))
                }
            } else if byte < 0x80, !ASCII.isAlphanumeric(byte), !isOneOf(byte, "-_.~!$&'()*+,;=") {
                throw .badCharacter(at: offset, found: text.character(at: offset))
            }
        }
    }

    static func isEscape(_ text: Text, at offset: Int) -> Bool {
        guard let high = text.byte(at: offset + 1), let low = text.byte(at: offset + 2) else { return false }
        return ASCII.hexValue(high) != nil && ASCII.hexValue(low) != nil
    }

    static func isOneOf(_ byte: UInt8, _ bytes: StaticString) -> Bool {
        for offset in 0..<bytes.utf8CodeUnitCount where bytes.utf8Start[offset] == byte { return true }
        return false
    }

    /// An IPv6 address of RFC 4291, section 2.2: eight groups of one to four hexadecimal digits with colons between
    /// them, of which one run may be left out as `::`, and the last two may be an IPv4 address; then perhaps a zone.
    static func isIPv6(_ text: Text) -> Bool {
        guard let percent = text.bytes.firstIndex(of: UInt8(ascii: "%")) else { return isAddress(text) }
        // RFC 6874: the percent sign of a zone is itself escaped.
        let zone = text.slice(percent, text.count)
        guard zone.count > 3, zone.bytes[1] == 0x32, zone.bytes[2] == 0x35 else { return false }
        let isZone = zone.bytes[3...].allSatisfy { ASCII.isAlphanumeric($0) || isOneOf($0, "-._~") }
        return isZone && isAddress(text.slice(0, percent))
    }

    private static func isAddress(_ text: Text) -> Bool {
        let bytes = text.bytes
        var offset = 0
        var groups = 0
        var isShortened = false
        if text.byte(at: 0) == UInt8(ascii: ":"), text.byte(at: 1) == UInt8(ascii: ":") {
            isShortened = true
            offset = 2
        }
        while offset < bytes.count {
            let end = bytes[offset...].firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
            let group = text.slice(offset, end)
            if end == bytes.count, group.bytes.contains(UInt8(ascii: ".")) {
                guard isIPv4(group) else { return false }
                groups += 2
                break
            }
            guard group.count >= 1, group.count <= 4 else { return false }
            guard group.bytes.allSatisfy({ ASCII.hexValue($0) != nil }) else { return false }
            groups += 1
            offset = end + 1
            if end == bytes.count { break }
            // A colon is followed by a group or, once, by another colon.
            guard let next = text.byte(at: offset) else { return false }
            if next == UInt8(ascii: ":") {
                if isShortened { return false }
                isShortened = true
                offset += 1
            }
        }
        return isShortened ? groups < 8 : groups == 8
    }

    /// Four numbers of 0 to 255, without leading zeros, with dots between them.
    private static func isIPv4(_ text: Text) -> Bool {
        var parts = 0
        var start = 0
        while start <= text.count {
            let end = text.bytes[start...].firstIndex(of: UInt8(ascii: ".")) ?? text.count
            let part = text.slice(start, end)
            guard part.count >= 1, part.count <= 3, part.bytes.allSatisfy(ASCII.isDigit) else { return false }
            if part.count > 1, part.byte(at: 0) == UInt8(ascii: "0") { return false }
            guard part.bytes.reduce(0, { $0 * 10 + Int($1 - 0x30) }) <= 255 else { return false }
            parts += 1
            start = end + 1
        }
        return parts == 4
    }
}
