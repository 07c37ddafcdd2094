internal import CYAML
internal import KubernetesTypes

/// Why a YAML document could not be composed, with what its reader needs to go on behind it.
struct YAMLFailure: Error {
    var error: DocumentError
    /// For bytes that cannot be decoded: where they are, relative to the start of libyaml's input.
    var offset: Int?

    init(_ kind: DocumentError.Kind, _ message: String, at position: SourcePosition) {
        error = DocumentError(kind, message, at: position)
    }

    init(_ error: DocumentError) { self.error = error }

    init(_ problem: LibYAML.Problem, from origin: YAMLOrigin) {
        var message = problem.message
        if let context = problem.context {
            let place = origin.position(problem.contextMark)
            message += " (\(context) that starts at \(place.line):\(place.column))"
        }
        error = DocumentError(problem.kind, message, at: origin.position(problem.mark))
        offset = problem.offset
    }
}

/// Where libyaml's input starts in the file: its marks count from there.
struct YAMLOrigin {
    var line: UInt32 = 1
    var column: UInt32 = 1

    @inline(__always)
    func position(_ mark: yaml_mark_t) -> SourcePosition {
        let line = UInt32(truncatingIfNeeded: mark.line)
        let column = UInt32(truncatingIfNeeded: mark.column)
        return SourcePosition(line: self.line &+ line, column: (line == 0 ? self.column : 1) &+ column)
    }
}
