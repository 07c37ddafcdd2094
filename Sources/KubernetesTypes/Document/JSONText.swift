extension Value {
    /// The value as compact JSON, keys in document order, as Go writes it with HTML escaping off.
    package var jsonText: [UInt8] {
        var text: [UInt8] = []
        appendJSON(to: &text)
        return text
    }

    /// Appends the value as compact JSON.
    ///
    /// Recurses once a level, of which every parser allows 512.
    package func appendJSON(to text: inout [UInt8]) {
        switch kind {
        case .object:
            text.append(UInt8(ascii: "{"))
            var isFirst = true
            for field in fields {
                if !isFirst { text.append(UInt8(ascii: ",")) }
                isFirst = false
                field.key.appendJSON(to: &text)
                text.append(UInt8(ascii: ":"))
                field.value.appendJSON(to: &text)
            }
            text.append(UInt8(ascii: "}"))
        case .array:
            text.append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                if !isFirst { text.append(UInt8(ascii: ",")) }
                isFirst = false
                element.appendJSON(to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .string: self.text?.appendJSON(to: &text)
        case .integer:
            if let large = largeUnsigned { text += String(large).utf8 } else { text += String(int ?? 0).utf8 }
        case .number: text += GoNumber.json(double ?? 0).utf8
        case .boolean: text += (bool == true ? "true" : "false").utf8
        case .null: text += "null".utf8
        }
    }
}

extension Text {
    /// Appends the text as a JSON string. Besides what JSON asks for, the line separators U+2028 and U+2029 are escaped, as
    /// Go does, since JavaScript took them for line ends.
    package func appendJSON(to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for (offset, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
            case 0x08: text += #"\b"#.utf8
            case 0x09: text += #"\t"#.utf8
            case 0x0A: text += #"\n"#.utf8
            case 0x0C: text += #"\f"#.utf8
            case 0x0D: text += #"\r"#.utf8
            case 0..<0x20: text += #"\u00"#.utf8 + [Self.hexDigit(byte &>> 4), Self.hexDigit(byte & 15)]
            // The separators are E2 80 A8 and E2 80 A9: their last byte replaces the two before it.
            case 0xA8...0xA9 where self.byte(at: offset - 1) == 0x80 && self.byte(at: offset - 2) == 0xE2:
                text.removeLast(2)
                text += (byte == 0xA8 ? #"\u2028"# : #"\u2029"#).utf8
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
