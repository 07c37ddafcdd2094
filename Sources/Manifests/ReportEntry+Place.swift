import KubernetesTypes
import Policy
import Reporting

/// Where a finding stands in its file.
extension ReportEntry {
    /// A finding about a field of an object, or about one that the object lacks.
    init(_ finding: Finding, about object: String, at root: inout ValueIndex, in text: SourceText) {
        let (value, isExact) = root.resolve(finding.path)
        // An unknown field is its key; of a field that is absent, the place is the object that lacks it.
        let ofKey = finding.rule == .unknownField && isExact ? value.keyPosition : nil
        self.init(finding, about: object, at: ofKey ?? value.position ?? .unknown, in: text)
    }

    /// A finding about a place of a file, whatever stands there.
    init(_ finding: Finding, about object: String?, at position: SourcePosition, in text: SourceText) {
        self.init(
            finding: finding, file: text.path, fileIndex: text.source, position: position, object: object,
            sourceLine: text.line(position.line))
    }
}
