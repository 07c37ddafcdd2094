/// The text format of Prometheus, version 0.0.4, in the making.
package struct MetricsText {
    package enum Kind: String, Sendable {
        case counter, gauge, histogram
    }

    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Begins a family; its samples follow. The name is checked by nobody: it is a constant.
    package mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        append("# HELP ")
        append(name)
        append(" ")
        append(help)
        append("\n# TYPE ")
        append(name)
        append(" ")
        append(kind.rawValue)
        append("\n")
    }

    package mutating func sample(_ name: String, _ value: Int, _ labels: [(name: String, value: String)] = []) {
        sample(name, labels, text: String(value))
    }

    package mutating func sample(_ name: String, _ value: Double, _ labels: [(name: String, value: String)] = []) {
        sample(name, labels, text: "\(value)")
    }

    private mutating func sample(_ name: String, _ labels: [(name: String, value: String)], text: String) {
        append(name)
        if !labels.isEmpty {
            append("{")
            for (index, label) in labels.enumerated() {
                append(index == 0 ? "" : ",")
                append(label.name)
                append("=\"")
                appendEscaped(label.value)
                append("\"")
            }
            append("}")
        }
        append(" ")
        append(text)
        append("\n")
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func appendEscaped(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case 0x5C: append("\\\\")
            case 0x22: append("\\\"")
            case 0x0A: append("\\n")
            default: bytes.append(byte)
            }
        }
    }
}
