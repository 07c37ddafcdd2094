/// Writes a tape, word by word, for the parsers that do not make one themselves (YAML) and for defaulting.
///
/// The storage is kept from one document to the next (`reset`), so that reading a file of many documents allocates for
/// the largest of them only. Values read from `root` are valid until the next call that changes the builder.
package final class TapeBuilder {
    private var words = GrowableBuffer<UInt64>()
    private var places = GrowableBuffer<SourcePosition>()
    private var text = GrowableBuffer<UInt8>()
    /// Start indices of the containers that are open.
    private var open: [Int] = []

    package init() { reset() }

    /// Forgets the document and keeps the storage.
    package func reset() {
        words.removeAll()
        places.removeAll()
        text.removeAll()
        open.removeAll(keepingCapacity: true)
        append(Tape.word(Tape.root, 0), SourcePosition(line: 1, column: 1))
    }

    /// Number of words written so far; an index to hand to `copy(from:to:)`.
    package var count: Int { words.count }
    /// How many containers are open.
    package var depth: Int { open.count }

    private func append(_ word: UInt64, _ position: SourcePosition) {
        words.append(word)
        places.append(position)
    }

    package func beginObject(_ position: SourcePosition) {
        open.append(words.count)
        append(Tape.word(Tape.object, 0), position)
    }

    package func beginArray(_ position: SourcePosition) {
        open.append(words.count)
        append(Tape.word(Tape.array, 0), position)
    }

    /// Closes the innermost container. Does nothing when none is open.
    package func end() {
        guard let start = open.popLast() else { return }
        let isObject = UInt8(truncatingIfNeeded: words[start] &>> 56) == Tape.object
        let place = places[start]
        append(Tape.word(isObject ? Tape.objectEnd : Tape.arrayEnd, UInt64(start)), place)
        words[start] = Tape.word(isObject ? Tape.object : Tape.array, UInt64(words.count))
    }

    package func string(_ bytes: UnsafeBufferPointer<UInt8>, _ position: SourcePosition) {
        append(Tape.word(Tape.string, UInt64(text.count)), position)
        let length = UInt32(truncatingIfNeeded: bytes.count)
        for shift: UInt32 in [0, 8, 16, 24] { text.append(UInt8(truncatingIfNeeded: length &>> shift)) }
        text.append(contentsOf: bytes)
        text.append(0)
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
        append(Tape.word(tag, 0), position)
        append(bits, position)
    }

    package func bool(_ value: Bool, _ position: SourcePosition) {
        append(Tape.word(value ? Tape.true : Tape.false, 0), position)
    }

    package func null(_ position: SourcePosition) {
        append(Tape.word(Tape.null, 0), position)
    }

    /// Appends a copy of a value of any document, this one's too; the copy keeps the original's positions.
    package func copy(_ value: Value) {
        let place = value.position ?? .unknown
        switch value.kind {
        case .object:
            beginObject(place)
            for field in value.fields {
                string(field.key.bytes, field.value.keyPosition ?? place)
                copy(field.value)
            }
            end()
        case .array:
            beginArray(place)
            for element in value.elements { copy(element) }
            end()
        case .string: if let text = value.text { string(text.bytes, place) }
        case .integer, .number, .boolean, .null: scalar(value, place)
        }
    }

    private func scalar(_ value: Value, _ place: SourcePosition) {
        if let int = value.int, value.kind == .integer {
            self.int(int, place)
        } else if let large = value.largeUnsigned {
            unsigned(large, place)
        } else if let double = value.double {
            self.double(double, place)
        } else if let bool = value.bool {
            self.bool(bool, place)
        } else {
            null(place)
        }
    }

    /// The document's value. Only meaningful once a value was written and every container was closed.
    package var root: Value { value(at: 1) }

    /// The value that starts at the given word.
    package func value(at index: Int) -> Value {
        Value(tape: words.pointer, strings: text.pointer, positions: places.pointer, index: index)
    }

    /// Takes back everything from the given word on (a mapping that is to be written again, with its merges resolved).
    package func truncate(to count: Int) {
        words.truncate(to: count)
        places.truncate(to: count)
        while let last = open.last, last >= count { open.removeLast() }
    }
}

/// A growing buffer whose address is stable between appends, as views into it need.
struct GrowableBuffer<Element: BitwiseCopyable>: ~Copyable {
    private var storage: UnsafeMutableBufferPointer<Element>
    private(set) var count = 0

    init() { storage = .allocate(capacity: 1024) }

    deinit { storage.deallocate() }

    var pointer: UnsafePointer<Element> {
        // The capacity is never 0, so there is an address.
        UnsafePointer(storage.baseAddress.unsafelyUnwrapped)
    }

    subscript(index: Int) -> Element {
        get { storage[index] }
        set { storage[index] = newValue }
    }

    mutating func removeAll() { count = 0 }

    mutating func truncate(to newCount: Int) { count = min(count, max(0, newCount)) }

    mutating func append(_ element: Element) {
        if count == storage.count { grow(to: count + 1) }
        storage.initializeElement(at: count, to: element)
        count &+= 1
    }

    mutating func append(contentsOf elements: UnsafeBufferPointer<Element>) {
        guard let source = elements.baseAddress, elements.count > 0 else { return }
        // Elements of this very buffer stay valid: growing keeps the old storage until the copy is made.
        if count + elements.count > storage.count {
            let old = storage
            storage = .allocate(capacity: max(old.count * 2, count + elements.count))
            (storage.baseAddress.unsafelyUnwrapped).update(from: old.baseAddress.unsafelyUnwrapped, count: count)
            (storage.baseAddress.unsafelyUnwrapped + count).update(from: source, count: elements.count)
            old.deallocate()
        } else {
            (storage.baseAddress.unsafelyUnwrapped + count).update(from: source, count: elements.count)
        }
        count &+= elements.count
    }

    private mutating func grow(to needed: Int) {
        let old = storage
        storage = .allocate(capacity: max(old.count * 2, needed))
        (storage.baseAddress.unsafelyUnwrapped).update(from: old.baseAddress.unsafelyUnwrapped, count: count)
        old.deallocate()
    }
}
