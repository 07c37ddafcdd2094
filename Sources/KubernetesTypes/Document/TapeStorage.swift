/// What a `TapeBuilder` holds. It is reached through a pointer that never changes, so that writing a word costs no check of
/// the builder's own properties: libyaml's events come by the million.
package struct TapeCore: ~Copyable {
    package var tape = TapeStorage()
    package var strings = TextStorage()
    /// Start indices of the containers that are open.
    package var open: [Int] = []

    @inlinable
    package mutating func begin(_ tag: UInt8, _ position: SourcePosition) {
        open.append(tape.count)
        tape.append(Tape.word(tag, 0), position)
    }

    @inlinable
    package mutating func end() {
        guard let start = open.popLast() else { return }
        let isObject = UInt8(truncatingIfNeeded: tape.words[start] &>> 56) == Tape.object
        tape.append(Tape.word(isObject ? Tape.objectEnd : Tape.arrayEnd, UInt64(start)), tape.places[start])
        tape.words[start] = Tape.word(isObject ? Tape.object : Tape.array, UInt64(tape.count))
    }

    @inlinable
    package mutating func string(_ bytes: UnsafeBufferPointer<UInt8>, _ position: SourcePosition) {
        let offset = strings.append(bytes.baseAddress, bytes.count)
        tape.append(Tape.word(Tape.string, UInt64(truncatingIfNeeded: offset)), position)
    }
}

/// The two parallel arrays of a tape under construction: the words, and the place of each in its file.
///
/// Their addresses are stable between appends, as views into them need.
package struct TapeStorage: ~Copyable {
    package var words: UnsafeMutablePointer<UInt64>
    package var places: UnsafeMutablePointer<SourcePosition>
    package var count = 0
    package var capacity = 1024

    package init() {
        words = .allocate(capacity: 1024)
        places = .allocate(capacity: 1024)
    }

    deinit {
        words.deallocate()
        places.deallocate()
    }

    @inlinable
    package mutating func append(_ word: UInt64, _ place: SourcePosition) {
        if count == capacity { grow(by: 1) }
        (words + count).initialize(to: word)
        (places + count).initialize(to: place)
        count &+= 1
    }

    /// Makes room for `additional` words, after which addresses stay as they are until those are written.
    package mutating func grow(by additional: Int) {
        guard capacity - count < additional else { return }
        let larger = max(capacity * 2, count + additional)
        words = Self.moved(words, count, to: larger)
        places = Self.moved(places, count, to: larger)
        capacity = larger
    }

    private static func moved<Element: BitwiseCopyable>(
        _ old: UnsafeMutablePointer<Element>, _ count: Int, to capacity: Int
    ) -> UnsafeMutablePointer<Element> {
        let new = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        new.initialize(from: old, count: count)
        old.deallocate()
        return new
    }
}

/// The strings of a tape under construction: each a 32-bit length, the bytes and a NUL.
package struct TextStorage: ~Copyable {
    package var bytes: UnsafeMutablePointer<UInt8>
    package var count = 0
    package var capacity = 4096

    /// Length and NUL around each string.
    package static let overhead = 5

    package init() { bytes = .allocate(capacity: 4096) }

    deinit { bytes.deallocate() }

    /// Appends a string and gives its offset. It may be one of this very buffer.
    @inlinable
    package mutating func append(_ source: UnsafePointer<UInt8>?, _ length: Int) -> Int {
        let start = count
        let needed = count &+ length &+ Self.overhead
        if needed > capacity { return appendGrowing(source, length) }
        write(source, length, to: bytes + start)
        count = needed
        return start
    }

    @inlinable
    package func write(_ source: UnsafePointer<UInt8>?, _ length: Int, to target: UnsafeMutablePointer<UInt8>) {
        var prefix = UInt32(truncatingIfNeeded: length).littleEndian
        withUnsafeBytes(of: &prefix) {
            UnsafeMutableRawBufferPointer(start: target, count: 4).copyMemory(from: $0)
        }
        if let source { (target + 4).update(from: source, count: length) }
        target[4 &+ length] = 0
    }

    package mutating func appendGrowing(_ source: UnsafePointer<UInt8>?, _ length: Int) -> Int {
        let old = bytes
        let start = count
        capacity = max(capacity * 2, count + length + Self.overhead)
        bytes = .allocate(capacity: capacity)
        bytes.initialize(from: old, count: start)
        // The source may lie in the old storage, which therefore goes last.
        write(source, length, to: bytes + start)
        old.deallocate()
        count = start + length + Self.overhead
        return start
    }
}
