/// A string inside a parsed document: UTF-8 bytes that belong to the document.
///
/// It is a view, valid only as long as the document it was read from; what outlives the document is copied into a
/// `String`. Comparing two texts, or a text with a literal, allocates nothing, which is what keeps a review of a valid
/// object nearly free of allocations.
package struct Text {
    @usableFromInline let base: UnsafePointer<UInt8>
    /// Length in bytes of UTF-8.
    package let count: Int

    @inlinable
    package init(base: UnsafePointer<UInt8>, count: Int) {
        self.base = base
        self.count = count
    }

    package var bytes: UnsafeBufferPointer<UInt8> {
        @inlinable get { UnsafeBufferPointer(start: base, count: count) }
    }

    package var isEmpty: Bool {
        @inlinable get { count == 0 }
    }

    /// The byte at `offset`, or nil past the end.
    @inlinable
    package func byte(at offset: Int) -> UInt8? {
        offset >= 0 && offset < count ? base[offset] : nil
    }

    /// A number that two texts share if they are equal, and rarely otherwise: made of the length and of the first and the
    /// last four bytes.
    @inlinable
    package var mark: UInt64 {
        guard count >= 4 else {
            var mark = UInt64(truncatingIfNeeded: count)
            for byte in bytes { mark = mark &<< 8 | UInt64(byte) }
            return mark
        }
        let start = UnsafeRawPointer(base)
        let first = start.loadUnaligned(as: UInt32.self)
        let last = (start + (count &- 4)).loadUnaligned(as: UInt32.self)
        return (UInt64(first) &<< 32 | UInt64(last)) ^ (UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15)
    }

    package func hasPrefix(_ prefix: StaticString) -> Bool {
        count >= prefix.utf8CodeUnitCount && Text(base: base, count: prefix.utf8CodeUnitCount) == prefix
    }

    /// The text without its first bytes; empty where it has no more.
    package func dropFirst(_ length: Int) -> Text {
        let length = min(max(0, length), count)
        return Text(base: base + length, count: count - length)
    }

    @inlinable
    package static func == (left: Text, right: Text) -> Bool {
        guard left.count == right.count else { return false }
        var offset = 0
        while offset < left.count {
            if left.base[offset] != right.base[offset] { return false }
            offset += 1
        }
        return true
    }

    @inlinable
    package static func == (left: Text, right: StaticString) -> Bool {
        guard right.hasPointerRepresentation, left.count == right.utf8CodeUnitCount else { return false }
        return left == Text(base: right.utf8Start, count: left.count)
    }

    @inlinable
    package static func != (left: Text, right: StaticString) -> Bool { !(left == right) }

    // A literal would be a String by default, and comparing with one costs several times as much.
    @_disfavoredOverload
    @inlinable
    package static func == (left: Text, right: String) -> Bool {
        var copy = right
        return copy.withUTF8 { bytes in
            guard let base = bytes.baseAddress else { return left.isEmpty }
            return left == Text(base: base, count: bytes.count)
        }
    }
}

extension Text: Hashable {
    @inlinable
    package func hash(into hasher: inout Hasher) {
        hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    }
}

extension Text: CustomStringConvertible {
    package var description: String { String(self) }
}

extension String {
    /// Copies the text out of its document. Documents hold valid UTF-8 only: every parser refuses anything else.
    package init(_ text: Text) {
        self = String(decoding: text.bytes, as: UTF8.self)
    }
}
