/// What no document may exceed. All of it is far above any real object, and low enough that an input made to hurt is
/// refused before it does.
package enum DocumentLimits {
    /// Bytes of one input. etcd refuses objects above 1.5 MiB; a file of many thousand Regions has some 10 MB.
    package static let inputBytes = 64 * 1024 * 1024

    /// Levels of nesting. Real objects have some 20; decoding, comparing and copying recurse once a level.
    package static let depth = 512

    /// What a word of tape takes with its place, 16 bytes: the unit of the limits below.
    static let wordBytes = 16

    /// Words of tape that the aliases and merges of one document may expand to.
    ///
    /// The API server's reader stops at 400,000 values that come from aliases; a value takes two words at most, so what
    /// it accepts stays below this limit, and a document that multiplies itself stops at 16 MB.
    package static let expandedWords = 1_000_000

    /// Words of tape in one document of a file: more than 64 MiB of Regions have. Without it `[1,1,…]` makes 16 bytes
    /// of every one that it has. A request's body is bounded by the server, and simdjson's buffers by the body's size.
    package static let words = 8_000_000
}
