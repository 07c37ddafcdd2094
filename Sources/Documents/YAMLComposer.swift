internal import CYAML
internal import KubernetesTypes

/// Turns libyaml's events into a tape, one document at a time. Its storage is kept from one document to the next.
struct YAMLComposer: ~Copyable {
    /// What the next node is, in the innermost open collection.
    enum Place {
        case root, element, key, value, merge, end
    }

    /// A mapping or sequence that is open.
    struct Frame {
        /// Its index on the tape.
        var start: Int
        /// The place that its nodes have, to return to.
        var place: Place
        /// How many anchors and merged fields there were before it.
        var anchors: Int
        var merged: Int
    }

    let tape = TapeBuilder()
    /// Values that anchors name but the document does not hold.
    let aside = TapeBuilder()
    var frames: [Frame] = []
    var place = Place.root
    var anchors = YAMLAnchors()
    /// Where fields from merges stand on the tape, in the mappings that are open.
    var merged: [Range<Int>] = []
    /// Words of tape that aliases and merges made.
    var expanded = 0
    var finder = DuplicateKeyFinder()
    var duplicateKeys: [DuplicateKey] = []
    var origin = YAMLOrigin()

    private mutating func begin() {
        tape.reset()
        aside.reset()
        frames.removeAll(keepingCapacity: true)
        place = .root
        anchors.removeAll()
        merged.removeAll(keepingCapacity: true)
        expanded = 0
        if !duplicateKeys.isEmpty { duplicateKeys = [] }
    }

    /// Composes the document whose start event is the current one. `tape.root` is its value afterwards.
    mutating func compose(_ events: LibYAML) throws(YAMLFailure) {
        begin()
        let event = events.event
        while true {
            guard events.advance() else { throw YAMLFailure(events.problem, from: origin) }
            switch event.pointee.type {
            case YAML_SCALAR_EVENT: try scalar(event)
            case YAML_MAPPING_START_EVENT:
                try open(.key, event.pointee.data.mapping_start.anchor, position(event))
            case YAML_SEQUENCE_START_EVENT:
                try open(.element, event.pointee.data.sequence_start.anchor, position(event))
            case YAML_MAPPING_END_EVENT:
                try endMapping()
            case YAML_SEQUENCE_END_EVENT:
                tape.end()
                try close()
            case YAML_ALIAS_EVENT: try alias(event)
            case YAML_DOCUMENT_END_EVENT: return
            default: break
            }
            guard tape.count <= DocumentLimits.words else {
                throw YAMLFailure(.limit, "the document has too many values", at: position(event))
            }
        }
    }

    @inline(__always)
    func position(_ event: UnsafeMutablePointer<yaml_event_t>) -> SourcePosition {
        origin.position(event.pointee.start_mark)
    }

    private mutating func open(_ first: Place, _ anchor: UnsafePointer<yaml_char_t>?, _ position: SourcePosition)
        throws(YAMLFailure)
    {
        if place == .key {
            throw YAMLFailure(.value, "a key is a mapping or a sequence; JSON has strings only", at: position)
        }
        guard tape.depth < DocumentLimits.depth else { throw Self.tooDeep(at: position) }
        frames.append(Frame(start: tape.count, place: place, anchors: anchors.count, merged: merged.count))
        if let anchor { anchors.define(Text(cString: anchor), at: tape.count, isAside: false) }
        place = first
        if first == .key { tape.beginObject(position) } else { tape.beginArray(position) }
    }

    static func tooDeep(at position: SourcePosition) -> YAMLFailure {
        YAMLFailure(.limit, "nested deeper than \(DocumentLimits.depth) levels", at: position)
    }

    private mutating func endMapping() throws(YAMLFailure) {
        tape.end()
        if let frame = frames.last {
            let object = tape.value(at: frame.start)
            if merged.count > frame.merged {
                try resolveMerges(frame)
            } else {
                finder.search(object)
                if !finder.repetitions.isEmpty { duplicateKeys += finder.duplicateKeys }
            }
        }
        try close()
    }

    /// Returns to the collection around the one that ended.
    private mutating func close() throws(YAMLFailure) {
        guard let frame = frames.popLast() else { return }
        place = frame.place
        try didWriteNode(at: frame.start, firstAnchor: frame.anchors)
    }

    /// Goes on to what follows a node: the value behind a key, the key behind a value.
    @inline(__always)
    mutating func didWriteNode(at index: Int, firstAnchor: Int) throws(YAMLFailure) {
        switch place {
        case .key: place = .value
        case .value: place = .key
        case .element, .end: break
        case .root: place = .end
        case .merge:
            try merge(nodeAt: index, firstAnchor: firstAnchor)
            place = .key
        }
    }
}

extension Text {
    /// A string of libyaml, without its NUL.
    init(cString: UnsafePointer<UInt8>) {
        var count = 0
        while cString[count] != 0 { count += 1 }
        self.init(base: cString, count: count)
    }
}
