internal import CYAML
internal import KubernetesTypes

/// libyaml's parser and its current event.
final class LibYAML {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    /// The current event; valid until the next `advance`.
    let event: UnsafeMutablePointer<yaml_event_t>
    private let isReady: Bool

    init(_ input: UnsafeRawBufferPointer) {
        parser = .allocate(capacity: 1)
        event = .allocate(capacity: 1)
        event.initialize(to: yaml_event_t())
        isReady = yaml_parser_initialize(parser) == 1
        if isReady {
            let start = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
            yaml_parser_set_input_string(parser, start ?? Self.nothing, input.count)
        }
    }

    /// libyaml wants an address even for an empty input.
    private static var nothing: UnsafePointer<UInt8> { ("" as StaticString).utf8Start }

    deinit {
        yaml_event_delete(event)
        if isReady { yaml_parser_delete(parser) }
        event.deallocate()
        parser.deallocate()
    }

    /// Goes to the next event. False where libyaml refuses the input: `problem` then says why.
    func advance() -> Bool {
        yaml_event_delete(event)
        return isReady && yaml_parser_parse(parser, event) == 1
    }

    /// What libyaml says about the input that it refused. Places are relative to the start of its input.
    struct Problem {
        var kind: DocumentError.Kind
        var message: String
        var mark: yaml_mark_t
        var context: String?
        var contextMark: yaml_mark_t
        /// For what cannot be decoded: its offset in bytes. libyaml reads far ahead of the place that it parses, so this
        /// is not necessarily in the current document.
        var offset: Int?
    }

    var problem: Problem {
        guard isReady else {
            return Problem(
                kind: .limit, message: "out of memory", mark: yaml_mark_t(), context: nil, contextMark: yaml_mark_t(),
                offset: nil)
        }
        let state = parser.pointee
        let kind: DocumentError.Kind
        switch state.error {
        case YAML_MEMORY_ERROR: kind = .limit
        case YAML_READER_ERROR: kind = .encoding
        default: kind = .syntax
        }
        var message = state.problem.map { String(cString: $0) } ?? "out of memory"
        if kind == .encoding, state.problem_value >= 0 {
            message += " (0x\(String(state.problem_value, radix: 16, uppercase: true)))"
        }
        return Problem(
            kind: kind, message: message, mark: state.problem_mark, context: state.context.map { String(cString: $0) },
            contextMark: state.context_mark, offset: kind == .encoding ? Int(clamping: state.problem_offset) : nil)
    }
}
