internal import KubernetesTypes

/// Standard base64 with padding; line ends in it are skipped. Bits behind the last byte are not looked at.
enum Base64 {
    /// The decoded bytes, or nil where the text is malformed.
    static func decode(_ text: Text) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(text.count / 4 * 3)
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for byte in text.bytes where byte != UInt8(ascii: "\n") && byte != UInt8(ascii: "\r") {
            if byte == UInt8(ascii: "=") {
                padding += 1
                guard padding <= 2 else { return nil }
                continue
            }
            guard padding == 0, let value = value(byte) else { return nil }
            bits = bits &<< 6 | value
            count += 1
            if count % 4 == 0 {
                for shift: UInt32 in [16, 8, 0] { result.append(UInt8(truncatingIfNeeded: bits &>> shift)) }
            }
        }
        switch (count % 4, padding) {
        case (0, 0): return result
        case (2, 2): return result + [UInt8(truncatingIfNeeded: bits &>> 4)]
        case (3, 1): return result + [UInt8(truncatingIfNeeded: bits &>> 10), UInt8(truncatingIfNeeded: bits &>> 2)]
        default: return nil
        }
    }

    private static func value(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
