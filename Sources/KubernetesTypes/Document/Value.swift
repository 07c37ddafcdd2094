/// One value of a parsed document, JSON or YAML.
///
/// Every parser of this project leaves its result in one form, simdjson's *tape*: an array of 64-bit words in document
/// order, the type of a value in the top byte and its payload below, and a separate buffer of strings. A container's
/// first word holds the index past its end, so that skipping a value costs the same whatever its size, and reading a
/// field allocates nothing. The server reads the tape that simdjson made; the YAML reader writes the same tape from
/// libyaml's events. So one piece of code decodes a type from either.
///
/// A value is a view, valid only as long as the document it belongs to.
/// Format: https://github.com/simdjson/simdjson/blob/master/doc/tape.md
package struct Value {
    @usableFromInline let tape: UnsafePointer<UInt64>
    @usableFromInline let strings: UnsafePointer<UInt8>
    /// Line and column of each word, for a document that came from a file.
    @usableFromInline let positions: UnsafePointer<SourcePosition>?
    /// Index of the value's first word on the tape.
    package let index: Int

    @inlinable
    package init(
        tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, positions: UnsafePointer<SourcePosition>?,
        index: Int
    ) {
        self.tape = tape
        self.strings = strings
        self.positions = positions
        self.index = index
    }

    /// What a value is, as a user would name it.
    package enum Kind: String, Sendable {
        case object, array, string, integer, number, boolean, null

        /// With its article, for messages: "an object", "a string".
        package var phrase: String {
            switch self {
            case .object, .array, .integer: "an \(rawValue)"
            case .string, .number, .boolean: "a \(rawValue)"
            case .null: rawValue
            }
        }
    }

    @inlinable
    func at(_ index: Int) -> Value {
        Value(tape: tape, strings: strings, positions: positions, index: index)
    }

    @usableFromInline var tag: UInt8 {
        @inlinable get { UInt8(truncatingIfNeeded: tape[index] &>> 56) }
    }

    @usableFromInline var payload: UInt64 {
        @inlinable get { tape[index] & Tape.payloadMask }
    }

    /// Index of the word after this value.
    @usableFromInline var end: Int {
        @inlinable get {
            switch tag {
            case Tape.object, Tape.array: Int(truncatingIfNeeded: payload & 0xFFFF_FFFF)
            case Tape.int64, Tape.uint64, Tape.double: index &+ 2
            default: index &+ 1
            }
        }
    }

    /// How many words of the tape the value takes, those of all values inside it included: a measure of its size.
    package var wordCount: Int { end - index }

    package var kind: Kind {
        switch tag {
        case Tape.object: .object
        case Tape.array: .array
        case Tape.string: .string
        case Tape.int64, Tape.uint64: .integer
        case Tape.double: .number
        case Tape.true, Tape.false: .boolean
        default: .null
        }
    }

    package var isNull: Bool {
        @inlinable get { tag == Tape.null }
    }

    package var isObject: Bool {
        @inlinable get { tag == Tape.object }
    }

    package var isArray: Bool {
        @inlinable get { tag == Tape.array }
    }

    /// The string, or nil where the value is none.
    package var text: Text? {
        @inlinable get {
            guard tag == Tape.string else { return nil }
            let start = strings + Int(truncatingIfNeeded: payload)
            var length: UInt32 = 0
            withUnsafeMutableBytes(of: &length) { $0.copyMemory(from: UnsafeRawBufferPointer(start: start, count: 4)) }
            return Text(base: start + 4, count: Int(UInt32(littleEndian: length)))
        }
    }

    package var bool: Bool? {
        @inlinable get {
            switch tag {
            case Tape.true: true
            case Tape.false: false
            default: nil
            }
        }
    }

    /// The integer, or nil where the value is none. A number with a fraction of zero (`2.0`) is an integer, as it is
    /// for the API server's schema check; one outside of Int64 is not.
    package var int: Int64? {
        @inlinable get {
            switch tag {
            case Tape.int64: return Int64(bitPattern: tape[index &+ 1])
            case Tape.uint64: return Int64(exactly: tape[index &+ 1])
            case Tape.double: return Int64(exactly: Double(bitPattern: tape[index &+ 1]))
            default: return nil
            }
        }
    }

    /// The number, whatever its spelling, or nil where the value is none.
    package var double: Double? {
        switch tag {
        case Tape.int64: Double(Int64(bitPattern: tape[index &+ 1]))
        case Tape.uint64: Double(tape[index &+ 1])
        case Tape.double: Double(bitPattern: tape[index &+ 1])
        default: nil
        }
    }

    /// The unsigned integer above Int64's range, or nil.
    package var largeUnsigned: UInt64? {
        tag == Tape.uint64 ? tape[index &+ 1] : nil
    }

    /// Where the value stands in its file, 1-based; nil for a document that came over the network.
    package var position: SourcePosition? {
        guard let positions else { return nil }
        return positions[index]
    }

    /// The same value with the places of its document's words.
    package func located(at positions: UnsafePointer<SourcePosition>) -> Value {
        Value(tape: tape, strings: strings, positions: positions, index: index)
    }

    /// Where the key of this value stands: a key is the word before its value. Only for a value of an object.
    package var keyPosition: SourcePosition? {
        guard let positions, index > 1 else { return nil }
        return positions[index &- 1]
    }
}

/// A place in a file: line and column, both from 1; the column counts characters (Unicode scalars), not bytes.
package struct SourcePosition: Hashable, Comparable, Sendable, BitwiseCopyable {
    package var line: UInt32
    package var column: UInt32

    @inlinable
    package init(line: UInt32, column: UInt32) {
        self.line = line
        self.column = column
    }

    /// For a value that no file holds.
    package static let unknown = SourcePosition(line: 0, column: 0)

    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// The tape's vocabulary (simdjson's `tape_type`).
package enum Tape {
    @usableFromInline package static let root = UInt8(ascii: "r")
    @usableFromInline package static let object = UInt8(ascii: "{")
    @usableFromInline package static let objectEnd = UInt8(ascii: "}")
    @usableFromInline package static let array = UInt8(ascii: "[")
    @usableFromInline package static let arrayEnd = UInt8(ascii: "]")
    @usableFromInline package static let string = UInt8(ascii: "\"")
    @usableFromInline package static let int64 = UInt8(ascii: "l")
    @usableFromInline package static let uint64 = UInt8(ascii: "u")
    @usableFromInline package static let double = UInt8(ascii: "d")
    @usableFromInline package static let `true` = UInt8(ascii: "t")
    @usableFromInline package static let `false` = UInt8(ascii: "f")
    @usableFromInline package static let null = UInt8(ascii: "n")

    @usableFromInline package static let payloadMask: UInt64 = 0x00FF_FFFF_FFFF_FFFF

    @inlinable
    package static func word(_ tag: UInt8, _ payload: UInt64) -> UInt64 {
        UInt64(tag) &<< 56 | (payload & payloadMask)
    }
}
