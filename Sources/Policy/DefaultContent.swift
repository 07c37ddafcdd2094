import KubernetesTypes

/// How a default is written: into a patch, into a document, and for people.
extension Default.Content {
    /// Appends it as JSON.
    func appendJSON(to output: inout [UInt8]) {
        switch self {
        case .string(let string): output.append(jsonString: string)
        case .integer(let integer): output.append(jsonInteger: integer)
        case .object(let members):
            output.append(jsonObject: members.map { ($0.key, $0.content) }) { $1.appendJSON(to: &$0) }
        }
    }

    /// Appends it as it is shown: a string without quotes.
    package func appendText(to output: inout [UInt8]) {
        if case .string(let string) = self { output.append(utf8: string) } else { appendJSON(to: &output) }
    }

    func append(to builder: TapeBuilder, _ place: SourcePosition) {
        switch self {
        case .string(let string): builder.string(string, place)
        case .integer(let integer): builder.int(integer, place)
        case .object(let members):
            builder.beginObject(place)
            for member in members {
                builder.string(member.key, place)
                member.content.append(to: builder, place)
            }
            builder.end()
        }
    }
}

extension Default.Content: CustomStringConvertible {
    package var description: String {
        var text: [UInt8] = []
        appendText(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}

extension Default {
    /// Appends the default as an operation of a patch of the object.
    package func appendPatch(to output: inout [UInt8]) {
        JSONPatch.appendAddition(of: path, to: &output) { content.appendJSON(to: &$0) }
    }
}
