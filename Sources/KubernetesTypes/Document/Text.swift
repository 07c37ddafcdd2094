/// A string inside a parsed document: UTF-8 bytes that belong to the document.
///
/// It is a view, valid only as long as the document it was read from; what outlives the document is copied into a
/// `String`. Comparing two texts, or a text with a literal, allocates nothing, which is what keeps a review of a valid
/// object nearly free of allocations.
public struct Text {
    @usableFromInline let base: UnsafePointer<UInt8>
    /// Length in bytes of UTF-8.
    public let count: Int

    @inlinable
    public init(base: UnsafePointer<UInt8>, count: Int) {
        self.base = base
        self.count = count
    }

    /// A literal, which lives as long as the program.
    @inlinable
    public init(_ literal: StaticString) {
        self.init(base: literal.utf8Start, count: literal.utf8CodeUnitCount)
    }

    public var bytes: UnsafeBufferPointer<UInt8> {
        @inlinable get { UnsafeBufferPointer(start: base, count: count) }
    }

    public var isEmpty: Bool {
        @inlinable get { count == 0 }
    }

    /// The byte at `offset`, or nil past the end.
    @inlinable
    public func byte(at offset: Int) -> UInt8? {
        offset >= 0 && offset < count ? base[offset] : nil
    }

    /// A number that two texts share if they are equal, and rarely otherwise: made of the length and of the first and the
    /// last four bytes.
    @inlinable
    public var mark: UInt64 {
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

    public func hasPrefix(_ prefix: StaticString) -> Bool {
        count >= prefix.utf8CodeUnitCount && Text(base: base, count: prefix.utf8CodeUnitCount) == prefix
    }

    /// The text without its first bytes; empty where it has no more.
    public func dropFirst(_ length: Int) -> Text {
        let length = min(max(0, length), count)
        return Text(base: base + length, count: count - length)
    }

    /// The text without all but its first bytes.
    public func prefix(_ length: Int) -> Text {
        Text(base: base, count: min(max(0, length), count))
    }

    @inlinable
    public static func == (left: Text, right: Text) -> Bool {
        left.count == right.count && isEqual(left.base, right.base, count: left.count)
    }

    @inlinable
    public static func == (left: Text, right: StaticString) -> Bool {
        guard right.hasPointerRepresentation, left.count == right.utf8CodeUnitCount else { return false }
        return isEqual(left.base, right.utf8Start, count: left.count)
    }

    /// Compares by words, of which the last two may overlap: nothing beyond the bytes is read.
    @inlinable
    static func isEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int) -> Bool {
        let left = UnsafeRawPointer(left)
        let right = UnsafeRawPointer(right)
        if count >= 8 {
            var offset = 0
            let last = count &- 8
            while offset < last {
                if word(left, offset) != word(right, offset) { return false }
                offset &+= 8
            }
            return word(left, last) == word(right, last)
        }
        if count >= 4 {
            return half(left, 0) == half(right, 0) && half(left, count &- 4) == half(right, count &- 4)
        }
        for offset in 0..<count where byte(left, offset) != byte(right, offset) { return false }
        return true
    }

    @inlinable
    static func word(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        (bytes + offset).loadUnaligned(as: UInt64.self)
    }

    @inlinable
    static func half(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt32 {
        (bytes + offset).loadUnaligned(as: UInt32.self)
    }

    @inlinable
    static func byte(_ bytes: UnsafeRawPointer, _ offset: Int) -> UInt8 {
        (bytes + offset).loadUnaligned(as: UInt8.self)
    }

    @inlinable
    public static func != (left: Text, right: StaticString) -> Bool { !(left == right) }

    // A literal would be a String by default, and comparing with one costs several times as much.
    @_disfavoredOverload
    @inlinable
    public static func == (left: Text, right: String) -> Bool {
        var copy = right
        return copy.withUTF8 { bytes in
            guard let base = bytes.baseAddress else { return left.isEmpty }
            return left == Text(base: base, count: bytes.count)
        }
    }
}

extension Text: Hashable {
    @inlinable
    public func hash(into hasher: inout Hasher) {
        hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
    }
}

extension Text: CustomStringConvertible {
    public var description: String { String(self) }
}

extension String {
    /// Copies the text out of its document. Documents hold valid UTF-8 only: every parser refuses anything else.
    public init(_ text: Text) {
        self = String(decoding: text.bytes, as: UTF8.self)
    }
}
