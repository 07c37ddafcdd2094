/// Makes a string of unknown origin safe to show: in a log line, in a warning header, on a terminal.
///
/// What could move the cursor, start a new line, reorder the text or stay invisible is shown as an escape such as
/// `\u{202E}`: the control characters (C0, DEL, C1), the format characters (among them the bidirectional controls, the
/// zero-width characters and the byte order mark), the line and paragraph separators, and every space but the plain
/// one. All other characters stay as they are, so that the result is the text itself wherever it is harmless.
///
/// Source: Unicode general categories (UAX #44); UTS #55 on source code spoofing names the reordering ones.
package enum PrintableText {
    /// The longest text a message quotes, in Unicode scalars. Names and labels hold 63 characters or 253, of which the
    /// first hundred tell which one it is; a kubelet's events and the log stay readable.
    package static let defaultLimit = 128

    /// What stands for the part left out.
    package static let ellipsis = "…"

    /// The text with every unsafe scalar escaped, at most `limit` scalars long with the ellipsis counted. Neither a
    /// scalar nor an escape is ever cut in two.
    package static func escaped(_ string: String, limit: Int = defaultLimit) -> String {
        if isHarmless(string, limit: limit) { return string }
        var result = ""
        var length = 0
        // What is kept if the rest does not fit, in bytes: one scalar is left free for the ellipsis.
        var kept = 0
        for scalar in string.unicodeScalars {
            let shown = isSafe(scalar) ? String(scalar) : escape(scalar)
            length += shown.unicodeScalars.count
            guard length <= limit else {
                return limit > 0 ? String(decoding: result.utf8.prefix(kept), as: UTF8.self) + ellipsis : ""
            }
            result += shown
            if length < limit { kept = result.utf8.count }
        }
        return result
    }

    /// The text of a document, made safe to show.
    package static func escaped(_ text: Text, limit: Int = defaultLimit) -> String {
        // Four bytes a scalar at most: what lies beyond is not shown, and so need not be copied.
        let enough = limit < text.count ? text.slice(0, max(limit, 0) * 4 + 4) : text
        return escaped(String(enough), limit: limit)
    }

    /// The text in double quotes, as messages show a value that was found; before it, `prefix`.
    package static func quoted(
        _ text: Text, limit: Int = defaultLimit, prefix: StaticString = ""
    ) -> String {
        guard text.count <= limit, PlainBytes.arePrintable(text.bytes) else {
            return "\(prefix)\"\(escaped(text, limit: limit))\""
        }
        // Nearly all: made in one piece.
        let start = prefix.utf8CodeUnitCount
        return String(unsafeUninitializedCapacity: start + text.count + 2) { buffer in
            _ = buffer.initialize(from: UnsafeBufferPointer(start: prefix.utf8Start, count: start))
            buffer[start] = UInt8(ascii: "\"")
            _ = buffer[(start + 1)...].initialize(from: text.bytes)
            buffer[start + 1 + text.count] = UInt8(ascii: "\"")
            return start + text.count + 2
        }
    }

    /// Whether the scalar may be shown as it is.
    package static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value >= 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .unassigned: return false
        case .lineSeparator, .paragraphSeparator, .spaceSeparator: return false
        default: return true
        }
    }

    private static func isHarmless(_ string: String, limit: Int) -> Bool {
        string.utf8.count <= limit && PlainBytes.arePrintable(string)
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\\u{" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "}"
    }
}
