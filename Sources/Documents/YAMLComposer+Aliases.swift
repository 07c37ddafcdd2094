internal import CYAML
internal import KubernetesTypes

extension YAMLComposer {
    static let mergeNeedsMapping = "<< needs a mapping or a sequence of mappings"

    /// The value that an alias stands for.
    private func target(_ name: Text, _ position: SourcePosition) throws(YAMLFailure) -> Value {
        guard let anchor = anchors[name] else {
            throw YAMLFailure(.value, "unknown anchor '\(name)'", at: position)
        }
        let value = (anchor.isAside ? aside : tape).value(at: anchor.index)
        // The size of a collection is written when it ends.
        guard value.wordCount > 0 else {
            throw YAMLFailure(.value, "anchor '\(name)' contains itself", at: position)
        }
        return value
    }

    mutating func alias(_ event: UnsafeMutablePointer<yaml_event_t>) throws(YAMLFailure) {
        let position = position(event)
        guard let name = event.pointee.data.alias.anchor else { return }
        let value = try target(Text(cString: name), position)
        switch place {
        case .key:
            try aliasAsKey(value, position)
            place = .value
        case .merge:
            guard value.isObject else { throw YAMLFailure(.value, Self.mergeNeedsMapping, at: position) }
            try mergeFields(of: value, position)
            place = .key
        case .root, .element, .value, .end:
            let index = tape.count
            try spend(value, to: tape, position)
            var levels = 0
            // A float that no collection holds may still be the raw one of a key. The copy may move the tape, and with
            // it what `value` points to.
            if value.kind == .number, let double = value.double {
                try write(double, position, to: tape)
            } else {
                levels = tape.copy(value)
            }
            guard tape.depth + levels <= DocumentLimits.depth else { throw Self.tooDeep(at: position) }
            try didWriteNode(at: index, firstAnchor: anchors.count)
        }
    }

    private mutating func aliasAsKey(_ value: Value, _ position: SourcePosition) throws(YAMLFailure) {
        let scalar: YAMLScalar
        switch value.kind {
        case .object, .array:
            throw YAMLFailure(.value, "a key is a mapping or a sequence; JSON has strings only", at: position)
        case .string:
            try spend(value, to: tape, position)
            return tape.copyText(of: value, position)
        case .boolean: scalar = .bool(value.bool ?? false)
        case .null: scalar = .null
        case .integer: scalar = value.int.map { .int($0) } ?? .unsigned(value.largeUnsigned ?? 0)
        case .number: scalar = .double(value.double ?? 0)
        }
        tape.string(try Self.key(scalar, at: position), position)
    }

    /// Accounts for a copy before it is made: a document that multiplies itself stops here. A copy to the other tape brings
    /// its text along, which counts in words of its size.
    private mutating func spend(_ value: Value, to target: TapeBuilder, _ position: SourcePosition)
        throws(YAMLFailure)
    {
        expanded += value.wordCount + (target.owns(value) ? 0 : value.textBytes / DocumentLimits.wordBytes)
        guard expanded <= DocumentLimits.expandedWords else {
            throw YAMLFailure(
                .limit, "aliases expand the document to more than \(DocumentLimits.expandedWords) values", at: position)
        }
    }

    /// Appends the fields of a mapping to the one that is open. As later fields win, so does a merge over the fields
    /// before it, and lose to those behind it: that is go-yaml 2, where other readers let every field win over a merge.
    private mutating func mergeFields(of value: Value, _ position: SourcePosition) throws(YAMLFailure) {
        try spend(value, to: tape, position)
        let start = tape.count
        let levels = tape.copyContents(of: value)
        guard tape.depth + levels <= DocumentLimits.depth else { throw Self.tooDeep(at: position) }
        merged.append(start..<tape.count)
    }

    /// Takes the node behind `<<` off the tape, where it was written as a value, and appends its fields instead.
    mutating func merge(nodeAt index: Int, firstAnchor: Int) throws(YAMLFailure) {
        let node = tape.value(at: index)
        let position = node.position ?? .unknown
        let shift = aside.count - index
        try spend(node, to: aside, position)
        aside.copy(node)
        for anchor in firstAnchor..<max(firstAnchor, anchors.count) where !anchors.all[anchor].isAside {
            anchors.all[anchor].index += shift
            anchors.all[anchor].isAside = true
        }
        tape.truncate(to: index)
        let source = aside.value(at: index + shift)
        if source.isObject { return try mergeFields(of: source, position) }
        // The first mapping wins over the others, so it comes last.
        for element in Array(source.elements).reversed() {
            guard element.isObject else {
                throw YAMLFailure(.value, Self.mergeNeedsMapping, at: element.position ?? position)
            }
            try mergeFields(of: element, position)
        }
    }

    /// Leaves one field of each key in a mapping that had merges: the last one.
    mutating func resolveMerges(_ frame: Frame) throws(YAMLFailure) {
        let object = tape.value(at: frame.start)
        let ranges = merged[frame.merged...]
        // Both are in tape order, so one pass tells the written fields from the merged ones.
        var next = ranges.startIndex
        finder.search(object) { value in
            while next < ranges.endIndex, ranges[next].upperBound <= value.index { next += 1 }
            return next == ranges.endIndex || value.index < ranges[next].lowerBound
        }
        duplicateKeys += finder.duplicateKeys
        merged.removeSubrange(frame.merged...)

        finder.search(object) { _ in true }
        var last: [Int: Int] = [:]
        var dropped: [Range<Int>] = []
        for repetition in finder.repetitions {
            let field = finder.fields[last[repetition.first] ?? repetition.first].value
            dropped.append(field.index - 1..<field.index + field.wordCount)
            last[repetition.first] = repetition.second
        }
        guard !dropped.isEmpty else { return }
        dropped.sort { $0.lowerBound < $1.lowerBound }
        try moveAnchors(from: frame.anchors, dropped)
        tape.removeWords(dropped, fromLastObject: frame.start)
    }

    /// Follows the values that anchors name to where they will be once the given words are gone.
    private mutating func moveAnchors(from first: Int, _ dropped: [Range<Int>]) throws(YAMLFailure) {
        var next = 0
        var removed = 0
        var saved = 0
        var savedAt = 0
        for anchor in first..<max(first, anchors.count) where !anchors.all[anchor].isAside {
            let index = anchors.all[anchor].index
            while next < dropped.count, dropped[next].upperBound <= index {
                removed += dropped[next].count
                next += 1
            }
            guard next < dropped.count, dropped[next].contains(index) else {
                anchors.all[anchor].index -= removed
                continue
            }
            // Nested anchors of one dropped field follow each other and are saved with it, once.
            let start = dropped[next].lowerBound + 1
            if saved <= next {
                saved = next + 1
                savedAt = aside.count
                let field = tape.value(at: start)
                try spend(field, to: aside, field.position ?? .unknown)
                aside.copy(field)
            }
            anchors.all[anchor].index += savedAt - start
            anchors.all[anchor].isAside = true
        }
    }
}
