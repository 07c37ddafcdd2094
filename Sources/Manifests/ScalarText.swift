/// The text of a scalar of which only the start is known.
///
/// It has been read by a YAML parser before, so that what is not well-formed need not be thought of.
struct ScalarText {
    let text: [UInt8]
    let start: Int
    /// The number of columns before the key whose value this is; what belongs to the value is further in.
    let indent: Int
    let isFlow: Bool

    /// Where it ends; nothing where an anchor, a tag or an alias stands first.
    var end: Int? {
        switch byte(start) {
        case UInt8(ascii: "!"), UInt8(ascii: "&"), UInt8(ascii: "*"): nil
        case UInt8(ascii: "\""): endOfQuoted(escapes: true)
        case UInt8(ascii: "'"): endOfQuoted(escapes: false)
        case UInt8(ascii: "|"), UInt8(ascii: ">"): endOfBlock
        default: isFlow ? endOfPlainInFlow : endOfPlain
        }
    }

    /// As `end`, for a null: written as `null` or `~`, or not at all.
    var endOfNull: Int? {
        switch byte(start) {
        case UInt8(ascii: "n"), UInt8(ascii: "N"): start + 4
        case UInt8(ascii: "~"): start + 1
        case UInt8(ascii: "!"), UInt8(ascii: "&"), UInt8(ascii: "*"): nil
        default: start
        }
    }

    private func byte(_ offset: Int) -> UInt8? { offset < text.count ? text[offset] : nil }

    private func endOfQuoted(escapes: Bool) -> Int {
        var offset = start + 1
        while let byte = byte(offset) {
            if escapes, byte == UInt8(ascii: "\\") {
                offset += 1
            } else if byte == text[start] {
                // In single quotes, two of them are one.
                guard !escapes, self.byte(offset + 1) == byte else { return offset + 1 }
                offset += 1
            }
            offset += 1
        }
        return offset
    }

    private var endOfPlainInFlow: Int {
        var offset = start
        while let byte = byte(offset), byte != UInt8(ascii: ","), byte != UInt8(ascii: "}") { offset += 1 }
        return trimmed(offset)
    }

    /// The first line without a comment, and the lines after it that are further in than the key.
    private var endOfPlain: Int {
        var (end, hasComment) = endOfContent(ofLineFrom: start)
        var line = nextLine(after: end)
        while !hasComment, let content = content(ofLineAt: line), text[content] != UInt8(ascii: "#") {
            (end, hasComment) = endOfContent(ofLineFrom: content)
            line = nextLine(after: end)
        }
        return end
    }

    /// The header and the lines after it that are further in than the key.
    private var endOfBlock: Int {
        var end = endOfContent(ofLineFrom: start).end
        var line = nextLine(after: start)
        while line < text.count {
            if let content = content(ofLineAt: line) {
                end = endOfLine(from: content)
            } else if !isBlank(lineAt: line) {
                break
            }
            line = nextLine(after: line)
        }
        return end
    }
}

// Lines.
extension ScalarText {
    private func isLineBreak(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }

    private func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    private func trimmed(_ end: Int) -> Int {
        var end = end
        while end > start, isSpace(text[end - 1]) || isLineBreak(text[end - 1]) { end -= 1 }
        return end
    }

    private func endOfLine(from offset: Int) -> Int {
        var end = offset
        while let byte = byte(end), !isLineBreak(byte) { end += 1 }
        return end
    }

    private func nextLine(after offset: Int) -> Int {
        var next = endOfLine(from: offset)
        if byte(next) == UInt8(ascii: "\r") { next += 1 }
        if byte(next) == UInt8(ascii: "\n") { next += 1 }
        return next
    }

    /// Where what is neither comment nor blank ends, and whether a comment follows.
    private func endOfContent(ofLineFrom offset: Int) -> (end: Int, hasComment: Bool) {
        let lineEnd = endOfLine(from: offset)
        var index = offset
        while index < lineEnd {
            if text[index] == UInt8(ascii: "#"), index > offset, isSpace(text[index - 1]) {
                return (trimmed(index), true)
            }
            index += 1
        }
        return (trimmed(lineEnd), false)
    }

    private func firstNonSpace(ofLineAt line: Int) -> Int {
        var offset = line
        while byte(offset) == UInt8(ascii: " ") { offset += 1 }
        return offset
    }

    private func isBlank(lineAt line: Int) -> Bool {
        byte(firstNonSpace(ofLineAt: line)).map(isLineBreak) ?? true
    }

    /// The start of a line's content where that is further in than the key; nothing for a blank line.
    private func content(ofLineAt line: Int) -> Int? {
        let offset = firstNonSpace(ofLineAt: line)
        guard offset < text.count, offset - line > indent, !isBlank(lineAt: line) else { return nil }
        return offset
    }
}
