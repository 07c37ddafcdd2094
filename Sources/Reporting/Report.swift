package import KubernetesTypes
package import Policy

/// What an offline run found, ready to be printed in any format.
package struct Report: Sendable {
    /// In the order of files and places.
    package var entries: [ReportEntry] = []
    package var summary = ReportSummary()

    package init() {}

    /// Files in the order given, then places; several about one place stay in the order of the catalogue.
    package mutating func sort() {
        entries = entries.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            if first.fileIndex != second.fileIndex { return first.fileIndex < second.fileIndex }
            if first.position != second.position { return first.position < second.position }
            return left.offset < right.offset
        }
        .map(\.element)
    }
}

/// One finding with the place it is about.
package struct ReportEntry: Sendable {
    package let finding: Finding
    /// The path as it was given; `-` for standard input.
    package let file: String
    /// The file's place in the order of reading.
    package let fileIndex: Int
    package let position: SourcePosition
    /// The object, as `Region unikorn-region/…`; nil for a document that is none.
    package let object: String?
    /// The line of the file, for the caret; nil where it is gone.
    package let sourceLine: String?
    /// The other place of a conflict, where it is in a file too.
    package var related: RelatedPlace?

    package init(
        finding: Finding, file: String, fileIndex: Int, position: SourcePosition, object: String?, sourceLine: String?,
        related: RelatedPlace? = nil
    ) {
        self.finding = finding
        self.file = file
        self.fileIndex = fileIndex
        self.position = position
        self.object = object
        self.sourceLine = sourceLine
        self.related = related
    }
}

/// The other place of a conflict.
package struct RelatedPlace: Sendable {
    package let file: String
    package let position: SourcePosition
    package let object: String

    package init(file: String, position: SourcePosition, object: String) {
        self.file = file
        self.position = position
        self.object = object
    }
}

/// How much was read and found.
package struct ReportSummary: Equatable, Sendable {
    package var files = 0
    package var documents = 0
    /// Objects that were judged.
    package var objects = 0
    /// Objects of kinds without rules.
    package var skipped = 0
    package var errors = 0
    package var warnings = 0

    package init() {}
}

extension Severity {
    /// How a command line says it: a refusal there is an error here.
    package var word: String { self == .deny ? "error" : "warning" }
}
