/// One operation of a JSON Patch (RFC 6902) that adds a field.
package struct JSONPatchAddition: Sendable {
    /// The JSON Pointer (RFC 6901) of the new field.
    package let pointer: String
    /// The value, as JSON.
    package let value: [UInt8]

    package init(path: FieldPath, value: [UInt8]) {
        pointer = path.jsonPointer
        self.value = value
    }

    package func append(to output: inout [UInt8]) {
        output.append(json: #"{"op":"add","path":"#)
        output.append(jsonString: pointer)
        output.append(json: #","value":"#)
        output.append(contentsOf: value)
        output.append(UInt8(ascii: "}"))
    }
}

extension FieldPath {
    /// The path as a JSON Pointer (RFC 6901): `~` and `/` in a key are escaped.
    package var jsonPointer: String {
        var pointer = ""
        for component in components {
            pointer += "/"
            switch component {
            case .field(let name), .key(let name):
                for scalar in name.unicodeScalars {
                    switch scalar {
                    case "~": pointer += "~0"
                    case "/": pointer += "~1"
                    default: pointer.unicodeScalars.append(scalar)
                    }
                }
            case .index(let index): pointer += String(index)
            }
        }
        return pointer
    }
}
