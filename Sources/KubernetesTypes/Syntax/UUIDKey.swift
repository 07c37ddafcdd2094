/// A UUID as two words: what ids are compared, hashed and sorted by.
///
/// It is made from text of the one canonical form, 36 bytes of lowercase hexadecimal digits in groups of 8-4-4-4-12.
/// Kubernetes compares ids byte by byte, so that a UUID in any other spelling is, to it, another id; reading one is
/// therefore an error that tells which spelling was found and what the canonical one would be.
///
/// ```
/// canonical = 8hex "-" 4hex "-" 4hex "-" 4hex "-" 12hex
/// hex       = "0"…"9" | "a"…"f"
/// ```
///
/// Source: RFC 9562, section 4; it asks for lowercase output, and leaves the case of input open.
package struct UUIDKey: Hashable, Sendable {
    /// Octets 0 to 7, the first of them in the highest byte.
    package let high: UInt64
    /// Octets 8 to 15.
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The layout of a UUID, which decides what its version means (RFC 9562, section 4.1).
    package enum Variant: Sendable {
        /// `0xxx`: Network Computing System, before RFC 9562. The nil UUID falls here.
        case ncs
        /// `10xx`: the variant of RFC 9562, whose versions are 1 to 8.
        case rfc9562
        /// `110x`: Microsoft, before RFC 9562.
        case microsoft
        /// `111x`: reserved. The max UUID falls here.
        case reserved
    }

    package var variant: Variant {
        switch low >> 61 {
        case 0...3: .ncs
        case 4...5: .rfc9562
        case 6: .microsoft
        default: .reserved
        }
    }

    /// The version, 0 to 15. It means something only where the variant is `.rfc9562`.
    package var version: UInt8 { UInt8(truncatingIfNeeded: high >> 12) & 0x0F }

    /// All bits zero (RFC 9562, section 5.9).
    package var isNil: Bool { high == 0 && low == 0 }

    /// All bits one (RFC 9562, section 5.10).
    package var isMax: Bool { high == .max && low == .max }

    /// Random, by RFC 9562: version 4 of its variant.
    package var isVersion4: Bool { version == 4 && variant == .rfc9562 }
}

extension UUIDKey: Comparable {
    /// The order of the canonical texts.
    package static func < (left: UUIDKey, right: UUIDKey) -> Bool { (left.high, left.low) < (right.high, right.low) }
}

extension UUIDKey: CustomStringConvertible {
    /// The canonical text.
    package var description: String {
        String(unsafeUninitializedCapacity: UUIDSyntax.length) { buffer in
            var digit = 0
            for offset in 0..<min(UUIDSyntax.length, buffer.count) {
                if UUIDSyntax.isDash(offset) {
                    buffer[offset] = UInt8(ascii: "-")
                    continue
                }
                let word = digit < 16 ? high : low
                let shift = UInt64(60 - 4 * (digit & 15))
                buffer[offset] = ASCII.hexDigit(UInt8(truncatingIfNeeded: word >> shift))
                digit += 1
            }
            return min(UUIDSyntax.length, buffer.count)
        }
    }
}

extension UUIDKey {
    /// Reads the canonical form; any other text is an error. It allocates nothing where the text is canonical.
    package init(_ text: Text) throws(UUIDError) {
        guard let key = UUIDSyntax.dashed(text, isUppercaseAllowed: false) else { throw UUIDSyntax.fault(text) }
        self = key
    }

    package init(_ string: String) throws(UUIDError) {
        self = try string.withText { text throws(UUIDError) in try UUIDKey(text) }
    }

    /// Reads the canonical form, for who does not ask why a text is none.
    package init?(canonical text: Text) {
        guard let key = UUIDSyntax.dashed(text, isUppercaseAllowed: false) else { return nil }
        self = key
    }

    /// Reads any of the usual spellings: uppercase digits, no dashes, in braces, as a URN. For comparing ids that were
    /// admitted before anything checked them, never for accepting one.
    package init?(anySpelling text: Text) {
        guard let key = UUIDSyntax.anySpelling(text) else { return nil }
        self = key
    }
}
