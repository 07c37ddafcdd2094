/// The one loop behind all names: letters and digits, some other characters between them, and perhaps dots between
/// parts.
struct NameScanner {
    /// Which characters a name is made of.
    enum Alphabet {
        /// a-z, 0-9; inside also `-`.
        case dnsLabel
        /// The same in parts, with `.` between them.
        case dnsSubdomain
        /// A-Z, a-z, 0-9; inside also `-`, `_` and `.`.
        case label

        /// The bytes that `isOuter` and `isInner` let through.
        @inline(__always)
        var sets: (outer: ASCIISet, inner: ASCIISet) {
            switch self {
            case .dnsLabel, .dnsSubdomain: (.lowercaseAlphanumerics, .lowercaseAlphanumerics.union("-"))
            case .label: (.alphanumerics, .alphanumerics.union("-_."))
            }
        }

        @inline(__always)
        func isOuter(_ byte: UInt8) -> Bool {
            self == .label ? ASCII.isAlphanumeric(byte) : ASCII.isLower(byte) || ASCII.isDigit(byte)
        }

        @inline(__always)
        func isInner(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "-"): true
            case UInt8(ascii: "_"), UInt8(ascii: "."): self == .label
            default: isOuter(byte)
            }
        }
    }

    private let text: Text
    private let kind: NameError.Kind

    init(_ text: Text, kind: NameError.Kind) {
        self.text = text
        self.kind = kind
    }

    /// Checks the bytes between two offsets; nil when they are valid.
    func check(
        _ start: Int, _ end: Int, limit: Int, alphabet: Alphabet, part: NameError.Part = .whole
    ) -> NameError? {
        guard end > start else { return NameError(kind, part == .whole ? .empty : .emptyPart(at: start)) }
        // The length first: what is refused for it is not read.
        guard end - start <= limit else {
            return NameError(kind, .tooLong(part: part, bytes: end - start, limit: limit))
        }
        if isValid(start, end, alphabet) { return nil }
        guard let reason = scan(start, end, alphabet) else { return nil }
        return NameError(kind, lowercaseHint(start, end, alphabet) ?? reason)
    }

    /// Whether the bytes are right, for which no reason is looked for.
    private func isValid(_ start: Int, _ end: Int, _ alphabet: Alphabet) -> Bool {
        let bytes = text.bytes
        let (outer, inner) = alphabet.sets
        let separator = alphabet == .dnsSubdomain ? UInt8(ascii: ".") : nil
        // The byte before was a letter or digit; the next one has to be.
        var isOuter = false
        var isOuterDue = true
        for offset in start..<end {
            let byte = bytes[offset]
            if outer.contains(byte) {
                isOuter = true
                isOuterDue = false
                continue
            }
            if isOuterDue { return false }
            if byte == separator {
                if !isOuter { return false }
                isOuterDue = true
            } else if !inner.contains(byte) {
                return false
            }
            isOuter = false
        }
        return isOuter
    }

    private func scan(_ start: Int, _ end: Int, _ alphabet: Alphabet, isCaseIgnored: Bool = false) -> NameError.Reason?
    {
        let bytes = text.bytes
        var isStart = true
        for offset in start..<end {
            let byte = isCaseIgnored ? ASCII.lowercased(bytes[offset]) : bytes[offset]
            if alphabet == .dnsSubdomain, byte == UInt8(ascii: ".") {
                if isStart { return .emptyPart(at: offset) }
                if !isOuter(offset - 1, alphabet, isCaseIgnored) {
                    return .badEnd(text.character(at: offset - 1), at: offset - 1)
                }
                isStart = true
                continue
            }
            guard alphabet.isInner(byte) else { return .badCharacter(text.character(at: offset), at: offset) }
            if isStart, !alphabet.isOuter(byte) { return .badStart(text.character(at: offset), at: offset) }
            isStart = false
        }
        if isStart { return .emptyPart(at: end) }
        return isOuter(end - 1, alphabet, isCaseIgnored) ? nil : .badEnd(text.character(at: end - 1), at: end - 1)
    }

    private func isOuter(_ offset: Int, _ alphabet: Alphabet, _ isCaseIgnored: Bool) -> Bool {
        let byte = text.bytes[offset]
        return alphabet.isOuter(isCaseIgnored ? ASCII.lowercased(byte) : byte)
    }

    /// The whole text with the checked bytes in lowercase, where that alone would make them valid.
    private func lowercaseHint(_ start: Int, _ end: Int, _ alphabet: Alphabet) -> NameError.Reason? {
        guard alphabet != .label, scan(start, end, alphabet, isCaseIgnored: true) == nil else { return nil }
        let bytes = text.bytes.enumerated().map { offset, byte in
            offset >= start && offset < end ? ASCII.lowercased(byte) : byte
        }
        return .uppercase(lowercased: PrintableText.escaped(String(decoding: bytes, as: UTF8.self)))
    }
}
