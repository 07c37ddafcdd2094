package import KubernetesTypes

/// One document of a stream.
///
/// The root is a view into its reader's storage and valid until that reader's next call.
package struct Document {
    package let root: Value
    /// Where the document starts: its `---`, or its first value where there is none.
    package let start: SourcePosition
    /// The number of documents before it in its stream, those that could not be read included.
    package let index: Int
    /// Keys that stand more than once in one mapping. The document is read all the same; the last value counts.
    package let duplicateKeys: [DuplicateKey]

    package init(root: Value, start: SourcePosition, index: Int, duplicateKeys: [DuplicateKey]) {
        self.root = root
        self.start = start
        self.index = index
        self.duplicateKeys = duplicateKeys
    }
}

/// A key that a mapping has already.
package struct DuplicateKey: Hashable, Sendable {
    package let key: String
    /// Where it stands for the first time in this mapping.
    package let first: SourcePosition
    /// Where it stands again.
    package let second: SourcePosition

    package init(key: String, first: SourcePosition, second: SourcePosition) {
        self.key = key
        self.first = first
        self.second = second
    }
}
