import Documents
import KubernetesTypes

/// A range of bytes and what stands there instead.
struct TextEdit {
    let range: Range<Int>
    let replacement: [UInt8]

    static func apply(_ edits: [TextEdit], to text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var copied = 0
        for edit in edits where edit.range.lowerBound >= copied {
            result += text[copied..<edit.range.lowerBound]
            result += edit.replacement
            copied = edit.range.upperBound
        }
        return result + text[copied...]
    }
}

extension TextEdit {
    /// The edit that gives a `clientConfig` this CA bundle, in the style of its mapping: `{…}` (and JSON) or a block.
    init(setting bundle: String, of config: ClientConfig, in text: [UInt8]) throws(CABundleError) {
        guard config.isObject else { throw .notEditable(config.position, "expected a mapping") }
        let start = Self.offset(of: config.position, in: text)
        let isFlow = text.indices.contains(start) && text[start] == UInt8(ascii: "{")
        let value = isFlow ? "\"\(bundle)\"" : bundle
        if let old = config.bundle {
            try self.init(replacing: old, with: value, in: text, isFlow: isFlow)
        } else if let place = config.firstField {
            let offset = Self.offset(of: place, in: text)
            let indentation = String(repeating: " ", count: Int(place.column) - 1)
            let field = isFlow ? "\"caBundle\": \(value), " : "caBundle: \(value)\n\(indentation)"
            self.init(range: offset..<offset, replacement: Array(field.utf8))
        } else if isFlow, !config.hasFields {
            self.init(range: start + 1..<start + 1, replacement: Array("\"caBundle\": \(value)".utf8))
        } else {
            throw .notEditable(config.position, "all of its fields are merged from elsewhere")
        }
    }

    private init(
        replacing old: ClientConfig.Bundle, with value: String, in text: [UInt8], isFlow: Bool
    ) throws(CABundleError) {
        let start = Self.offset(of: old.value, in: text)
        // What an alias stands for is elsewhere, and before it.
        guard old.key < old.value else { throw .notEditable(old.key, "its caBundle is an alias") }
        let scalar = ScalarText(text: text, start: start, indent: Int(old.key.column) - 1, isFlow: isFlow)
        guard let end = old.isNull ? scalar.endOfNull : scalar.end else {
            throw .notEditable(old.key, "its caBundle has an anchor or a tag")
        }
        // Nothing at all is a null, too: the value then starts where its colon ends.
        self.init(range: start..<end, replacement: Array((start == end ? " " + value : value).utf8))
    }

    private static func offset(of position: SourcePosition, in text: [UInt8]) -> Int {
        text.withUnsafeBytes { bytes in
            var lines = SourceLines(bytes, from: 0, line: 1)
            while lines.line < position.line, lines.advance() {}
            return lines.offset(ofColumn: position.column)
        }
    }
}
