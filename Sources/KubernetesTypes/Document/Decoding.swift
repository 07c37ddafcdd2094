/// A field of a decoded type.
///
/// `invalid` is a field that is there with a wrong type: that was noted as a `TypeMismatch`, and rules about the field's
/// content have nothing to add.
public enum Field<Content> {
    case absent
    case invalid
    case present(Content)

    /// The content, where there is one of the right type.
    @inlinable public var content: Content? {
        if case .present(let content) = self { content } else { nil }
    }

    @inlinable public var isAbsent: Bool {
        if case .absent = self { true } else { false }
    }
}

/// A value whose type is not the one its API gives it.
public struct TypeMismatch {
    public let value: Value
    /// What the API expects, with its article: "a string".
    public let expected: StaticString

    /// What is there instead, with its article. An integer that does not fit is none for the API.
    package var found: String {
        value.largeUnsigned == nil ? value.kind.phrase : "an integer above 9223372036854775807"
    }
}

/// Reads fields of the right type and notes the others, so that decoding goes on and every fault is reported.
///
/// `null` is an absent field, as it is for Kubernetes' decoder.
public struct Decoder {
    public private(set) var mismatches: [TypeMismatch] = []

    public init() {}

    /// As many as the elements of the longest list; what is beyond is not kept. A key may stand in an object many times, and
    /// each time hold such a list.
    public static let maximumMismatches = 32_768

    public mutating func mismatch(_ value: Value, expected: StaticString) {
        guard mismatches.count < Self.maximumMismatches else { return }
        mismatches.append(TypeMismatch(value: value, expected: expected))
    }

    @inlinable
    public mutating func text(_ value: Value) -> Field<Text> {
        if let text = value.text { return .present(text) }
        return refuse(value, expected: "a string")
    }

    @inlinable
    public mutating func integer(_ value: Value) -> Field<Int64> {
        if let int = value.int { return .present(int) }
        return refuse(value, expected: "an integer")
    }

    /// An object, to read fields from.
    @inlinable
    public mutating func object(_ value: Value) -> Field<Value> {
        if value.isObject { return .present(value) }
        return refuse(value, expected: "an object")
    }

    /// A list of objects, each decoded by `decode` into its place; elements of another type are noted and left out. A list
    /// that is longer than any that can be stored is of the wrong type as a whole.
    ///
    /// A webhook that mutates is called before anything has looked at the object: three bytes an element, `{},`, become
    /// some hundreds in memory.
    @inlinable
    public mutating func objects<Element>(
        _ value: Value, _ decode: (Value, _ index: Int, inout Decoder) -> Element
    ) -> Field<[Element]> {
        guard value.isArray else { return refuse(value, expected: "an array") }
        let count = value.childCount
        guard count <= Self.maximumElements else {
            mismatch(value, expected: "a list of at most 32768 objects")
            return .invalid
        }
        let elements = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            var index = 0
            for element in value.elements {
                if element.isObject {
                    buffer.initializeElement(at: initialized, to: decode(element, index, &self))
                    initialized += 1
                } else {
                    mismatch(element, expected: "an object")
                }
                index += 1
            }
        }
        return .present(elements)
    }

    /// etcd stores objects of up to 1.5 MiB, and the smallest flavor that the API's schema accepts has 48 bytes.
    @usableFromInline static var maximumElements: Int {
        @inlinable get { 32_768 }
    }

    @usableFromInline
    mutating func refuse<Content>(_ value: Value, expected: StaticString) -> Field<Content> {
        if value.isNull { return .absent }
        mismatch(value, expected: expected)
        return .invalid
    }
}
