/// A JSON Patch (RFC 6902), written operation by operation.
package enum JSONPatch {
    /// Bytes of a pointer; few are longer.
    private static let usualPointer = 96

    /// Appends the operation that adds a field; `value` appends the field's content, as JSON.
    package static func appendAddition(
        of path: FieldPath, to output: inout [UInt8], _ value: (inout [UInt8]) -> Void
    ) {
        output.append(json: #"{"op":"add","path":"#)
        var pointer: [UInt8] = []
        pointer.reserveCapacity(usualPointer)
        path.appendJSONPointer(to: &pointer)
        pointer.withUnsafeBufferPointer { output.append(jsonString: $0) }
        output.append(json: #","value":"#)
        value(&output)
        output.append(UInt8(ascii: "}"))
    }
}

extension FieldPath {
    /// Appends the path as a JSON Pointer (RFC 6901): `~` and `/` in a key are escaped.
    func appendJSONPointer(to pointer: inout [UInt8]) {
        for component in components {
            pointer.append(UInt8(ascii: "/"))
            switch component {
            case .field(let name), .key(let name):
                let isPlain = name.utf8.withContiguousStorageIfAvailable { bytes in
                    !bytes.contains { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }
                }
                if isPlain == true {
                    pointer.append(utf8: name)
                    continue
                }
                for byte in name.utf8 {
                    switch byte {
                    case UInt8(ascii: "~"): pointer.append(json: "~0")
                    case UInt8(ascii: "/"): pointer.append(json: "~1")
                    default: pointer.append(byte)
                    }
                }
            case .index(let index): pointer.append(jsonInteger: index)
            }
        }
    }
}
