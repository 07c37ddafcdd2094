import Documents
import KubernetesTypes

extension [UInt8] {
    /// Runs `body` on these very bytes, valid UTF-8 or not.
    func withText<Answer, Failure: Error>(_ body: (Text) throws(Failure) -> Answer) throws(Failure) -> Answer {
        // An array of its own size, so that the address sanitizer sees a read past its end.
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: Swift.max(1, count))
        defer { copy.deallocate() }
        for (offset, byte) in enumerated() { (copy + offset).initialize(to: byte) }
        return try body(Text(base: copy, count: count))
    }
}

/// A message goes to a terminal, a header, a log line.
func holdPrintable(_ message: String) throws {
    try hold(!message.isEmpty, "an empty message")
    for scalar in message.unicodeScalars where !PrintableText.isSafe(scalar) {
        throw FuzzFault(description: "U+\(String(scalar.value, radix: 16)) in the message \(message.debugDescription)")
    }
}

extension Value {
    /// Levels of containers.
    var levels: Int {
        guard isObject || isArray else { return 0 }
        let inner = isObject ? fields.map(\.value.levels).max() : elements.map(\.levels).max()
        return 1 + (inner ?? 0)
    }

    /// Whether any object inside has a key twice.
    var hasDuplicateKeys: Bool {
        var isFound = false
        forEachObject { object in
            if Set(object.fields.map { String($0.key) }).count != object.childCount { isFound = true }
        }
        return isFound
    }
}

/// One JSON document as the server reads it; `emptied` is what it does not read of a review.
func withJSON<Answer>(
    _ bytes: [UInt8], emptying emptied: [String] = [], _ body: (Value) throws -> Answer
) throws -> Answer {
    let parser = JSONParser(emptying: emptied)
    return try bytes.withUnsafeBytes { buffer in
        let root: Value
        do {
            root = try parser.parse(buffer)
        } catch {
            throw FuzzFault(
                description: "no JSON: \(error): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
        }
        return try body(root)
    }
}
