/// Writes a tape, word by word, for the parsers that do not make one themselves (YAML) and for defaulting.
///
/// The storage is kept from one document to the next (`reset`), so that reading a file of many documents allocates for
/// the largest of them only. Values read from `root` are valid until the next call that changes the builder.
package final class TapeBuilder {
    package let core: UnsafeMutablePointer<TapeCore>

    package init() {
        core = .allocate(capacity: 1)
        core.initialize(to: TapeCore())
        reset()
    }

    deinit {
        core.deinitialize(count: 1)
        core.deallocate()
    }

    /// Forgets the document and keeps the storage.
    package func reset() {
        core.pointee.tape.count = 0
        core.pointee.strings.count = 0
        core.pointee.open.removeAll(keepingCapacity: true)
        core.pointee.tape.append(Tape.word(Tape.root, 0), SourcePosition(line: 1, column: 1))
    }

    /// Number of words written so far, which is the index of the next value.
    package var count: Int {
        @inlinable get { core.pointee.tape.count }
    }

    /// Whether a value is one of this builder's. A copy of such a value shares its text.
    package func owns(_ value: Value) -> Bool { value.tape == UnsafePointer(core.pointee.tape.words) }

    /// How many containers are open.
    package var depth: Int {
        @inlinable get { core.pointee.open.count }
    }

    @inlinable
    package func beginObject(_ position: SourcePosition) { core.pointee.begin(Tape.object, position) }

    @inlinable
    package func beginArray(_ position: SourcePosition) { core.pointee.begin(Tape.array, position) }

    /// Closes the innermost container. Does nothing when none is open.
    @inlinable
    package func end() { core.pointee.end() }

    @inlinable
    package func string(_ bytes: UnsafeBufferPointer<UInt8>, _ position: SourcePosition) {
        core.pointee.string(bytes, position)
    }

    package func string(_ string: String, _ position: SourcePosition) {
        var copy = string
        copy.withUTF8 { self.string($0, position) }
    }

    package func int(_ value: Int64, _ position: SourcePosition) {
        number(Tape.int64, UInt64(bitPattern: value), position)
    }

    /// Above Int64's range; what fits there is written with `int`.
    package func unsigned(_ value: UInt64, _ position: SourcePosition) {
        if let signed = Int64(exactly: value) { int(signed, position) } else { number(Tape.uint64, value, position) }
    }

    package func double(_ value: Double, _ position: SourcePosition) {
        number(Tape.double, value.bitPattern, position)
    }

    private func number(_ tag: UInt8, _ bits: UInt64, _ position: SourcePosition) {
        core.pointee.tape.append(Tape.word(tag, 0), position)
        core.pointee.tape.append(bits, position)
    }

    package func bool(_ value: Bool, _ position: SourcePosition) {
        core.pointee.tape.append(Tape.word(value ? Tape.true : Tape.false, 0), position)
    }

    package func null(_ position: SourcePosition) {
        core.pointee.tape.append(Tape.word(Tape.null, 0), position)
    }

    /// The document's value. Only meaningful once a value was written and every container was closed.
    package var root: Value {
        @inlinable get { value(at: 1) }
    }

    /// The value that starts at the given word.
    @inlinable
    package func value(at index: Int) -> Value {
        Value(
            tape: core.pointee.tape.words, strings: core.pointee.strings.bytes, positions: core.pointee.tape.places,
            index: index)
    }

    /// Takes back everything from the given word on (a mapping that is to be written again, with its merges resolved).
    package func truncate(to count: Int) {
        core.pointee.tape.count = min(core.pointee.tape.count, max(1, count))
        while let last = core.pointee.open.last, last >= count { core.pointee.open.removeLast() }
    }
}
