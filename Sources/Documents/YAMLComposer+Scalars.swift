internal import CYAML
internal import KubernetesTypes

extension YAMLComposer {
    @inline(__always)
    mutating func scalar(_ event: UnsafeMutablePointer<yaml_event_t>) throws(YAMLFailure) {
        let position = position(event)
        let scalar = event.pointee.data.scalar
        let text = Text(base: scalar.value, count: scalar.length)
        let index = tape.count
        if place == .key {
            if isMerge(scalar, text) {
                place = .merge
                return
            }
            let value = try resolve(scalar, text, position)
            if scalar.anchor == nil, scalar.tag == nil, case .string = value {
                tape.string(text.bytes, position)
            } else {
                try specialKey(scalar, text, value, position)
            }
            place = .value
            return
        }
        if place == .merge {
            throw YAMLFailure(.value, Self.mergeNeedsMapping, at: position)
        }
        let value = try resolve(scalar, text, position)
        if let anchor = scalar.anchor { anchors.define(Text(cString: anchor), at: index, isAside: false) }
        if case .string = value, scalar.tag == nil {
            tape.string(text.bytes, position)
        } else {
            try write(value, scalar, text, position, to: tape)
        }
        try didWriteNode(at: index, firstAnchor: anchors.count)
    }

    /// A key that is not merely a string: its text is what the JSON form of the value has.
    private mutating func specialKey(
        _ scalar: yaml_scalar_event_t, _ text: Text, _ value: YAMLScalar, _ position: SourcePosition
    ) throws(YAMLFailure) {
        if let anchor = scalar.anchor {
            // An alias of a key means the value that the key was made from.
            anchors.define(Text(cString: anchor), at: aside.count, isAside: true)
            if case .double(let double) = value {
                aside.double(double, position)
            } else {
                try write(value, scalar, text, position, to: aside)
            }
        }
        if case .string = value {
            try write(value, scalar, text, position, to: tape)
        } else {
            tape.string(try Self.key(value, at: position), position)
        }
    }

    /// The key that a value which is no string becomes.
    static func key(_ value: YAMLScalar, at position: SourcePosition) throws(YAMLFailure) -> String {
        switch value {
        case .string: return ""
        case .bool(let bool): return bool ? "true" : "false"
        case .int(let int): return String(int)
        case .double(let double): return GoNumber.shortSingle(double)
        case .null: throw YAMLFailure(.value, "a key is null; JSON has strings only", at: position)
        case .unsigned: throw YAMLFailure(.value, "a key is an integer above 9223372036854775807", at: position)
        }
    }

    private func isMerge(_ scalar: yaml_scalar_event_t, _ text: Text) -> Bool {
        guard text.count == 2, text == "<<" else { return false }
        if let tag = scalar.tag { return Text(cString: tag) == "tag:yaml.org,2002:merge" }
        return scalar.plain_implicit != 0
    }

    @inline(__always)
    private func resolve(_ scalar: yaml_scalar_event_t, _ text: Text, _ position: SourcePosition)
        throws(YAMLFailure) -> YAMLScalar
    {
        if let tag = scalar.tag {
            do {
                return try YAMLTag(Text(cString: tag)).resolve(text, at: position)
            } catch {
                throw YAMLFailure(error)
            }
        }
        return scalar.plain_implicit != 0 ? .plain(text) : .string
    }

    private func write(
        _ value: YAMLScalar, _ scalar: yaml_scalar_event_t, _ text: Text, _ position: SourcePosition,
        to tape: TapeBuilder
    ) throws(YAMLFailure) {
        switch value {
        case .null: tape.null(position)
        case .bool(let bool): tape.bool(bool, position)
        case .int(let int): tape.int(int, position)
        case .unsigned(let unsigned): tape.unsigned(unsigned, position)
        case .double(let double): try write(double, position, to: tape)
        case .string:
            guard let tag = scalar.tag, YAMLTag(Text(cString: tag)) == .binary else {
                return tape.string(text.bytes, position)
            }
            guard let decoded = try? Base64.decode(text) else {
                throw YAMLFailure(.value, "!!binary is not base64", at: position)
            }
            tape.string(String(decoding: UTF8Bytes.repaired(decoded), as: UTF8.self), position)
        }
    }

    /// A float whose JSON form has neither a fraction nor an exponent is an integer for whoever reads that JSON.
    func write(_ double: Double, _ position: SourcePosition, to tape: TapeBuilder) throws(YAMLFailure) {
        guard double.isFinite else {
            throw YAMLFailure(.value, "JSON has no form for infinity and not-a-number", at: position)
        }
        switch GoNumber.integer(double) {
        case .int(let int): tape.int(int, position)
        case .unsigned(let unsigned): tape.unsigned(unsigned, position)
        default: tape.double(double, position)
        }
    }
}

/// The type that libyaml's header leaves without a name.
typealias yaml_scalar_event_t = yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar
