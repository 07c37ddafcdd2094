/// What no rule, and nothing else here, reads of an object of any kind: who owns which of its fields, and what is reported of
/// images and conditions. It is most of a Node and half of a Region, and who parses objects may leave it out.
package enum UnreadFields {
    private static let pointers = ["/metadata/managedFields", "/status/images", "/status/conditions"]

    /// JSON pointers (RFC 6901) to those fields of an object at `prefix`, such as `/object`.
    package static func pointers(below prefix: String = "") -> [String] { pointers.map { prefix + $0 } }
}
