/// The metadata of an object, as far as rules read it (upstream: `metav1.ObjectMeta`).
package struct ObjectMeta {
    package var name: Field<Text> = .absent
    package var namespace: Field<Text> = .absent
    package var generateName: Field<Text> = .absent
    /// The map of labels, when there is one.
    package var labels: Value?
    /// Set once a delete was asked for and finalizers hold the object.
    package var isBeingDeleted = false

    package init() {}

    package init(_ value: Value, _ decoder: inout Decoder) {
        for (key, value) in value.fields {
            if key == "name" {
                name = decoder.text(value)
            } else if key == "namespace" {
                namespace = decoder.text(value)
            } else if key == "generateName" {
                generateName = decoder.text(value)
            } else if key == "labels" {
                labels = decoder.object(value).content
                decoder.strings(of: labels)
            } else if key == "annotations" {
                decoder.strings(of: decoder.object(value).content)
            } else if key == "deletionTimestamp" {
                isBeingDeleted = !value.isNull
            }
        }
    }

    /// A label's value. One that is no string was noted when the metadata were decoded.
    package func label(_ key: StaticString) -> Field<Text> {
        guard let value = labels?[key] else { return .absent }
        return value.text.map(Field.present) ?? (value.isNull ? .absent : .invalid)
    }
}

extension Decoder {
    /// Notes the values of a map that are no strings, as those of labels and annotations must be.
    mutating func strings(of map: Value?) {
        guard let map else { return }
        for (_, value) in map.fields where value.text == nil && !value.isNull {
            mismatch(value, expected: "a string")
        }
    }
}
