/// What no rule reads of an object: who owns which of its fields, and what a kubelet reports of images and conditions. It is
/// nine tenths of a Node and two fifths of a Region, and who parses objects may leave it out.
package enum UnreadFields {
    private static let pointers = ["/metadata/managedFields", "/status/images", "/status/conditions"]

    /// JSON pointers (RFC 6901) to those fields of an object at `prefix`, such as `/object`.
    package static func pointers(below prefix: String = "") -> [String] { pointers.map { prefix + $0 } }
}
