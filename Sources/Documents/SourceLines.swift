internal import KubernetesTypes

/// A walk over the lines of a source, for the rare places that need it: what comes after an error, and edits in place.
///
/// Lines end where libyaml ends them: LF, CR LF, CR, NEL (U+0085), LS (U+2028), PS (U+2029); its marks count them so.
package struct SourceLines {
    let source: UnsafeRawBufferPointer
    /// Where the current line starts, and its number.
    package private(set) var offset: Int
    package private(set) var line: UInt32

    package init(_ source: UnsafeRawBufferPointer, from offset: Int, line: UInt32) {
        self.source = source
        self.offset = min(max(0, offset), source.count)
        self.line = line
    }

    private func byte(_ offset: Int) -> UInt8? {
        offset >= 0 && offset < source.count ? source[offset] : nil
    }

    /// The length of the line end at the offset, or 0.
    private func lineEnd(at offset: Int) -> Int {
        switch byte(offset) {
        case UInt8(ascii: "\n"): 1
        case UInt8(ascii: "\r"): byte(offset + 1) == UInt8(ascii: "\n") ? 2 : 1
        case 0xC2: byte(offset + 1) == 0x85 ? 2 : 0
        case 0xE2: byte(offset + 1) == 0x80 && (byte(offset + 2) == 0xA8 || byte(offset + 2) == 0xA9) ? 3 : 0
        default: 0
        }
    }

    /// Goes to the next line. False where there is none.
    package mutating func advance() -> Bool {
        var next = offset
        while next < source.count {
            let end = lineEnd(at: next)
            next += max(1, end)
            if end > 0 {
                guard next < source.count else { return false }
                offset = next
                line &+= 1
                return true
            }
        }
        return false
    }

    /// Whether the line starts with YAML's document marker, `---` and then nothing or a blank.
    var isDocumentMarker: Bool {
        let dash = UInt8(ascii: "-")
        guard byte(offset) == dash, byte(offset + 1) == dash, byte(offset + 2) == dash else { return false }
        switch byte(offset + 3) {
        case nil, UInt8(ascii: " "), UInt8(ascii: "\t"): return true
        default: return lineEnd(at: offset + 3) > 0
        }
    }

    /// Whether the line is a YAML directive, `%…`, which belongs to the document behind it.
    var isDirective: Bool { byte(offset) == UInt8(ascii: "%") }

    /// The place of a byte of the current line, or of the first one before it that is part of no UTF-8 character: libyaml
    /// names the byte at which it noticed.
    func position(of target: Int, startColumn: UInt32 = 1) -> SourcePosition {
        var column = startColumn
        var index = offset
        while index < target, index < source.count {
            let length = UTF8Bytes.length(in: source, at: index)
            guard length > 0 else { break }
            index += length
            column &+= 1
        }
        return SourcePosition(line: line, column: column)
    }

    /// The offset of a character of the current line, by its column.
    package func offset(ofColumn column: UInt32, startColumn: UInt32 = 1) -> Int {
        var current = startColumn
        var index = offset
        while current < column, index < source.count {
            index += max(1, UTF8Bytes.length(in: source, at: index))
            current &+= 1
        }
        return index
    }
}
