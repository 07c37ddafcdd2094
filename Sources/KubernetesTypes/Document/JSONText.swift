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
                text.append(jsonString: field.key)
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
        case .string: if let string = self.text { text.append(jsonString: string) }
        case .integer:
            if let large = largeUnsigned { text += String(large).utf8 } else { text += String(int ?? 0).utf8 }
        case .number: text += GoNumber.json(double ?? 0).utf8
        case .boolean: text += (bool == true ? "true" : "false").utf8
        case .null: text += "null".utf8
        }
    }
}
