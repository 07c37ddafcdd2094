/// Writes a tape, word by word, for the parsers that do not make one themselves (YAML) and for defaulting.
///
/// The storage is kept from one document to the next (`reset`), so that reading a file of many documents allocates for
/// the largest of them only. Values read from `root` are valid until the next call that changes the builder.
package final class TapeBuilder {
    package var tape = TapeStorage()
    package var strings = TextStorage()
    /// Start indices of the containers that are open.
    package var open: [Int] = []

    package init() { reset() }

    /// Forgets the document and keeps the storage.
    package func reset() {
        tape.count = 0
        strings.count = 0
        open.removeAll(keepingCapacity: true)
        tape.append(Tape.word(Tape.root, 0), SourcePosition(line: 1, column: 1))
    }

    /// Number of words written so far, which is the index of the next value.
    package var count: Int {
        @inlinable get { tape.count }
    }

    /// How many containers are open.
    package var depth: Int {
        @inlinable get { open.count }
    }

    @inlinable
    package func beginObject(_ position: SourcePosition) {
        open.append(tape.count)
        tape.append(Tape.word(Tape.object, 0), position)
    }

    @inlinable
    package func beginArray(_ position: SourcePosition) {
        open.append(tape.count)
        tape.append(Tape.word(Tape.array, 0), position)
    }

    /// Closes the innermost container. Does nothing when none is open.
    @inlinable
    package func end() {
        guard let start = open.popLast() else { return }
        let isObject = UInt8(truncatingIfNeeded: tape.words[start] &>> 56) == Tape.object
        tape.append(Tape.word(isObject ? Tape.objectEnd : Tape.arrayEnd, UInt64(start)), tape.places[start])
        tape.words[start] = Tape.word(isObject ? Tape.object : Tape.array, UInt64(tape.count))
    }

    @inlinable
    package func string(_ bytes: UnsafeBufferPointer<UInt8>, _ position: SourcePosition) {
        let offset = strings.append(bytes.baseAddress, bytes.count)
        tape.append(Tape.word(Tape.string, UInt64(truncatingIfNeeded: offset)), position)
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
        tape.append(Tape.word(tag, 0), position)
        tape.append(bits, position)
    }

    package func bool(_ value: Bool, _ position: SourcePosition) {
        tape.append(Tape.word(value ? Tape.true : Tape.false, 0), position)
    }

    package func null(_ position: SourcePosition) {
        tape.append(Tape.word(Tape.null, 0), position)
    }

    /// The document's value. Only meaningful once a value was written and every container was closed.
    package var root: Value { value(at: 1) }

    /// The value that starts at the given word.
    package func value(at index: Int) -> Value {
        Value(tape: tape.words, strings: strings.bytes, positions: tape.places, index: index)
    }

    /// Takes back everything from the given word on (a mapping that is to be written again, with its merges resolved).
    package func truncate(to count: Int) {
        tape.count = min(tape.count, max(1, count))
        while let last = open.last, last >= count { open.removeLast() }
    }
}
