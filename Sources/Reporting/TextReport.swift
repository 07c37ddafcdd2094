import KubernetesTypes
import Policy

/// The report for a person: each finding with its place, the line itself and a caret under the value.
package struct TextReport: Sendable {
    private let isColoured: Bool

    /// - Parameter isColoured: whether to use ANSI colours; for terminals only.
    package init(isColoured: Bool) {
        self.isColoured = isColoured
    }

    /// All findings and the summary line.
    package func write(_ report: Report) -> String {
        var text = ""
        for entry in report.entries { text += lines(for: entry) }
        return text + summary(report.summary) + "\n"
    }

    /// `file:line:col: error[rule-id]: field: message`, the line of the file, the hint, and the other place.
    private func lines(for entry: ReportEntry) -> String {
        let finding = entry.finding
        let place = self.place(entry.file, entry.position)
        let style: Style = finding.severity == .deny ? .error : .warning
        var text = "\(paint(place, .place)): \(paint("\(finding.severity.word)[\(finding.rule.rawValue)]", style)): "
        let path = safe(finding.path.description)
        if !path.isEmpty { text += path + (finding.subject.map { " (\($0))" } ?? "") + ": " }
        text += safe(finding.plainStatement) + "\n"
        if let line = entry.sourceLine { text += snippet(line, entry.position, style) }
        if let hint = finding.hint { text += "  \(paint("hint:", .note)) \(safe(hint))\n" }
        if let related = entry.related {
            let place = self.place(related.file, related.position)
            text += "  \(paint("note:", .note)) \(place): the other is here, in \(safe(related.object))\n"
        }
        return text
    }

    private func place(_ file: String, _ position: SourcePosition) -> String {
        position == .unknown ? safe(file) : "\(safe(file)):\(position.line):\(position.column)"
    }

    private func snippet(_ line: String, _ position: SourcePosition, _ style: Style) -> String {
        let number = String(position.line)
        let margin = String(repeating: " ", count: number.count)
        // A tab stays one column wide, so that the caret stands under the value.
        let scalars = line.unicodeScalars.map { $0 == "\t" ? " " : $0 }
        let column = Int(position.column) - 1
        // The end of a file that ends too early is an empty line: nothing to point at.
        guard column >= 0, column <= scalars.count, scalars.contains(where: { $0 != " " }) else { return "" }
        // A long line is shown around its place.
        let start = max(0, min(column - Self.shownBefore, scalars.count - Self.shownWidth))
        var shown = String.UnicodeScalarView()
        shown.append(contentsOf: scalars[start..<min(scalars.count, start + Self.shownWidth)])
        let width = min(Self.valueWidth(Array(scalars[column...])), start + Self.shownWidth - column)
        let indent = String(repeating: " ", count: column - start)
        let caret = String(repeating: "^", count: max(1, width))
        return "  \(paint(number + " |", .margin)) \(safe(String(shown)))\n"
            + "  \(paint(margin + " |", .margin)) \(indent)\(paint(caret, style))\n"
    }

    /// Columns of a line that are shown: it fits a terminal with its margin.
    private static let shownWidth = 100
    /// Columns shown before the value of a line that is longer.
    private static let shownBefore = 40

    /// How many columns the value at the start of these takes: a quoted string, or up to what ends a plain one.
    private static func valueWidth(_ scalars: [UnicodeScalar]) -> Int {
        guard let first = scalars.first else { return 1 }
        if first == "\"" || first == "'" {
            for index in scalars.indices.dropFirst() where scalars[index] == first && scalars[index - 1] != "\\" {
                return index + 1
            }
        }
        var width = 0
        for (index, scalar) in scalars.enumerated() {
            if ",]}".unicodeScalars.contains(scalar) { break }
            if scalar == "#", index > 0, scalars[index - 1] == " " { break }
            if scalar == ":", index + 1 == scalars.count || scalars[index + 1] == " " { break }
            if scalar != " " { width = index + 1 }
        }
        return width
    }

    /// `3 files, 4 documents, 4 objects, 1 skipped: 2 errors, 1 warning`.
    private func summary(_ summary: ReportSummary) -> String {
        // What was read from a cluster stood in no file.
        let isOfFiles = summary.files > 0
        var parts = isOfFiles ? [Self.count(summary.files, "file"), Self.count(summary.documents, "document")] : []
        parts.append(Self.count(summary.objects, "object"))
        if summary.skipped > 0 { parts.append("\(summary.skipped) skipped") }
        let errors = Self.count(summary.errors, "error")
        let warnings = Self.count(summary.warnings, "warning")
        return "\(parts.joined(separator: ", ")): "
            + "\(summary.errors > 0 ? paint(errors, .error) : errors), "
            + "\(summary.warnings > 0 ? paint(warnings, .warning) : warnings)"
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private func safe(_ text: String) -> String { PrintableText.escaped(text, limit: .max) }

    private enum Style: String {
        case error = "1;31"
        case warning = "1;33"
        case place = "1"
        case note = "36"
        case margin = "2"
    }

    private func paint(_ text: String, _ style: Style) -> String {
        isColoured ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
