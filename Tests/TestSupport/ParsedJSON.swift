import Documents
package import KubernetesTypes

/// A document as the server reads it, with the parser that its values are views of.
package final class ParsedJSON {
    private let parser: JSONParser
    package let root: Value

    /// `emptied` is what the server does not read of a review.
    package init(_ json: [UInt8], emptying emptied: [String] = []) throws {
        let parser = JSONParser(emptying: emptied)
        self.parser = parser
        root = try json.withUnsafeBytes { bytes throws(DocumentError) in try parser.parse(bytes) }
    }

    package convenience init(_ json: String) throws { try self.init(Array(json.utf8)) }

    /// Runs `body` on the root, which stays valid until it returns.
    package func read<Answer>(_ body: (Value) throws -> Answer) rethrows -> Answer {
        try withExtendedLifetime(self) { try body(root) }
    }
}
