/// One value of a parsed document, JSON or YAML.
///
/// Every parser of this project leaves its result in one form, simdjson's *tape*: an array of 64-bit words in document
/// order, the type of a value in the top byte and its payload below, and a separate buffer of strings. A container's
/// first word holds the index past its end, so that skipping a value costs the same whatever its size, and reading a
/// field allocates nothing. The server reads the tape that simdjson made; the YAML reader writes the same tape from
/// libyaml's events. So one piece of code decodes a type from either.
///
/// A value is a view, valid only as long as the document it belongs to.
///
/// Views, and `Field`, are public though nobody outside of the package sees them: the compiler inlines only the bodies of
/// public functions into other modules, and decoding is made of these (a fifth of a review's instructions).
/// Format: https://github.com/simdjson/simdjson/blob/master/doc/tape.md
public struct Value {
    @usableFromInline let tape: UnsafePointer<UInt64>
    @usableFromInline let strings: UnsafePointer<UInt8>
    /// Line and column of each word, for a document that came from a file.
    @usableFromInline let positions: UnsafePointer<SourcePosition>?
    /// Index of the value's first word on the tape.
    public let index: Int

    @inlinable
    public init(
        tape: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, positions: UnsafePointer<SourcePosition>?,
        index: Int
    ) {
        self.tape = tape
        self.strings = strings
        self.positions = positions
        self.index = index
    }

    /// What a value is, as a user would name it.
    public enum Kind: String, Sendable {
        case object, array, string, integer, number, boolean, null

        /// With its article, for messages: "an object", "a string".
        public var phrase: String {
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
    public var wordCount: Int { end - index }

    public var kind: Kind {
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

    public var isNull: Bool {
        @inlinable get { tag == Tape.null }
    }

    public var isObject: Bool {
        @inlinable get { tag == Tape.object }
    }

    public var isArray: Bool {
        @inlinable get { tag == Tape.array }
    }

    /// The string, or nil where the value is none.
    public var text: Text? {
        @inlinable get {
            guard tag == Tape.string else { return nil }
            let start = strings + Int(truncatingIfNeeded: payload)
            let length = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
            return Text(base: start + 4, count: Int(UInt32(littleEndian: length)))
        }
    }

    public var bool: Bool? {
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
    public var int: Int64? {
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
    public var double: Double? {
        switch tag {
        case Tape.int64: Double(Int64(bitPattern: tape[index &+ 1]))
        case Tape.uint64: Double(tape[index &+ 1])
        case Tape.double: Double(bitPattern: tape[index &+ 1])
        default: nil
        }
    }

    /// The unsigned integer above Int64's range, or nil.
    public var largeUnsigned: UInt64? {
        tag == Tape.uint64 ? tape[index &+ 1] : nil
    }

    /// Where the value stands in its file, 1-based; nil for a document that came over the network.
    public var position: SourcePosition? {
        guard let positions else { return nil }
        return positions[index]
    }

    /// The same value with the places of its document's words.
    public func located(at positions: UnsafePointer<SourcePosition>) -> Value {
        Value(tape: tape, strings: strings, positions: positions, index: index)
    }

    /// Where the key of this value stands: a key is the word before its value. Only for a value of an object.
    public var keyPosition: SourcePosition? {
        guard let positions, index > 1 else { return nil }
        return positions[index &- 1]
    }
}

/// A place in a file: line and column, both from 1; the column counts characters (Unicode scalars), not bytes.
public struct SourcePosition: Hashable, Comparable, Sendable, BitwiseCopyable {
    public var line: UInt32
    public var column: UInt32

    @inlinable
    public init(line: UInt32, column: UInt32) {
        self.line = line
        self.column = column
    }

    /// For a value that no file holds.
    public static let unknown = SourcePosition(line: 0, column: 0)

    public static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }
}

/// The tape's vocabulary (simdjson's `tape_type`). Computed, so that the numbers stand in the code that compares with them:
/// a stored constant of another module is read through a call.
public enum Tape {
    public static var root: UInt8 {
        @inlinable get { UInt8(ascii: "r") }
    }
    public static var object: UInt8 {
        @inlinable get { UInt8(ascii: "{") }
    }
    public static var objectEnd: UInt8 {
        @inlinable get { UInt8(ascii: "}") }
    }
    public static var array: UInt8 {
        @inlinable get { UInt8(ascii: "[") }
    }
    public static var arrayEnd: UInt8 {
        @inlinable get { UInt8(ascii: "]") }
    }
    public static var string: UInt8 {
        @inlinable get { UInt8(ascii: "\"") }
    }
    public static var int64: UInt8 {
        @inlinable get { UInt8(ascii: "l") }
    }
    public static var uint64: UInt8 {
        @inlinable get { UInt8(ascii: "u") }
    }
    public static var double: UInt8 {
        @inlinable get { UInt8(ascii: "d") }
    }
    public static var `true`: UInt8 {
        @inlinable get { UInt8(ascii: "t") }
    }
    public static var `false`: UInt8 {
        @inlinable get { UInt8(ascii: "f") }
    }
    public static var null: UInt8 {
        @inlinable get { UInt8(ascii: "n") }
    }

    public static var payloadMask: UInt64 {
        @inlinable get { 0x00FF_FFFF_FFFF_FFFF }
    }

    @inlinable
    public static func word(_ tag: UInt8, _ payload: UInt64) -> UInt64 {
        UInt64(tag) &<< 56 | (payload & payloadMask)
    }
}
