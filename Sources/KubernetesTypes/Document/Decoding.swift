/// A field of a decoded type.
///
/// `invalid` is a field that is there with a wrong type: that was noted as a `TypeMismatch`, and rules about the field's
/// content have nothing to add.
package enum Field<Content> {
    case absent
    case invalid
    case present(Content)

    /// The content, where there is one of the right type.
    @inlinable package var content: Content? {
        if case .present(let content) = self { content } else { nil }
    }

    @inlinable package var isAbsent: Bool {
        if case .absent = self { true } else { false }
    }
}

/// A value whose type is not the one its API gives it.
package struct TypeMismatch {
    package let value: Value
    /// What the API expects, with its article: "a string".
    package let expected: StaticString
}

/// Reads fields of the right type and notes the others, so that decoding goes on and every fault is reported.
///
/// `null` is an absent field, as it is for Kubernetes' decoder.
package struct Decoder {
    package private(set) var mismatches: [TypeMismatch] = []

    package init() {}

    package mutating func mismatch(_ value: Value, expected: StaticString) {
        mismatches.append(TypeMismatch(value: value, expected: expected))
    }

    @inlinable
    package mutating func text(_ value: Value) -> Field<Text> {
        if let text = value.text { return .present(text) }
        return refuse(value, expected: "a string")
    }

    @inlinable
    package mutating func integer(_ value: Value) -> Field<Int64> {
        if let int = value.int { return .present(int) }
        return refuse(value, expected: "an integer")
    }

    /// An object, to read fields from.
    @inlinable
    package mutating func object(_ value: Value) -> Field<Value> {
        if value.isObject { return .present(value) }
        return refuse(value, expected: "an object")
    }

    @inlinable
    package mutating func array(_ value: Value) -> Field<Value> {
        if value.isArray { return .present(value) }
        return refuse(value, expected: "an array")
    }

    /// A list of objects, each decoded by `decode`; elements of another type are noted and left out.
    package mutating func objects<Element>(
        _ value: Value, _ decode: (Value, _ index: Int, inout Decoder) -> Element
    ) -> Field<[Element]> {
        guard case .present(let array) = self.array(value) else { return value.isNull ? .absent : .invalid }
        var elements: [Element] = []
        elements.reserveCapacity(array.childCount)
        for (index, element) in array.elements.enumerated() {
            guard element.isObject else {
                mismatch(element, expected: "an object")
                continue
            }
            elements.append(decode(element, index, &self))
        }
        return .present(elements)
    }

    @usableFromInline
    mutating func refuse<Content>(_ value: Value, expected: StaticString) -> Field<Content> {
        if value.isNull { return .absent }
        mismatch(value, expected: expected)
        return .invalid
    }
}
