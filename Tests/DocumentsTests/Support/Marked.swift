import Documents
import KubernetesTypes

/// A source in which 📍 marks the places that a test is about.
struct Marked {
    var bytes: [UInt8]
    /// Line and column of each marker, in order.
    var places: [SourcePosition]

    init(_ source: String) {
        bytes = []
        places = []
        var line: UInt32 = 1
        var column: UInt32 = 1
        var isAfterReturn = false
        for scalar in source.unicodeScalars {
            if scalar == "📍" {
                places.append(SourcePosition(line: line, column: column))
                continue
            }
            bytes += Array(String(scalar).utf8)
            // A byte order mark takes no column.
            if scalar == "\u{FEFF}" { continue }
            if scalar == "\n" || scalar == "\r" {
                if !(scalar == "\n" && isAfterReturn) { line += 1 }
                column = 1
            } else {
                column += 1
            }
            isAfterReturn = scalar == "\r"
        }
    }
}

extension Value {
    /// The value at a path of keys and indices: `a.0.b`.
    func at(path: String) -> Value? {
        var value: Value? = self
        for step in path.split(separator: ".") {
            if let index = Int(step), value?.isArray == true {
                value = value?.elements.dropFirst(index).first { _ in true }
            } else {
                value = value?[key: String(step)]
            }
        }
        return value
    }
}
