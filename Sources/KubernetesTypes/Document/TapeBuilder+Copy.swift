extension TapeBuilder {
    /// Appends a copy of a value of any document, this one's too; the copy keeps the original's positions.
    ///
    /// One pass over the value's words, whatever its depth. Returns how many levels of containers the value has: 0 for a
    /// scalar.
    @discardableResult
    package func copy(_ value: Value) -> Int {
        copyWords(of: value, from: value.index, to: value.end)
    }

    /// Appends the text of a string, at a place of its own: a key that is an alias.
    package func copyText(of value: Value, _ position: SourcePosition) {
        guard let text = value.text else { return }
        if owns(value) {
            core.pointee.tape.append(Tape.word(Tape.string, value.payload), position)
        } else {
            string(text.bytes, position)
        }
    }

    /// Appends the fields of an object (or the elements of an array) to the container that is open: a merge.
    ///
    /// Returns the levels of containers below the value.
    @discardableResult
    package func copyContents(of value: Value) -> Int {
        guard value.isObject || value.isArray else { return 0 }
        return copyWords(of: value, from: value.index + 1, to: value.end - 1)
    }

    private func copyWords(of value: Value, from start: Int, to end: Int) -> Int {
        let isOwn = owns(value)
        core.pointee.tape.grow(by: end - start)
        // Room was made above, so from here on this builder's own words stay where they are.
        let source = isOwn ? UnsafePointer(core.pointee.tape.words) : value.tape
        let places = isOwn ? UnsafePointer(core.pointee.tape.places) : value.positions
        let shift = core.pointee.tape.count - start
        var level = 0
        var deepest = 0
        var index = start
        while index < end {
            let word = source[index]
            let place = places?[index] ?? .unknown
            let tag = UInt8(truncatingIfNeeded: word &>> 56)
            switch tag {
            case Tape.object, Tape.array:
                level += 1
                deepest = max(deepest, level)
                core.pointee.tape.append(Self.moved(word, tag, by: shift), place)
            case Tape.objectEnd, Tape.arrayEnd:
                level -= 1
                core.pointee.tape.append(Self.moved(word, tag, by: shift), place)
            case Tape.string where !isOwn:
                let text = value.at(index).text
                let offset = core.pointee.strings.append(text?.base, text?.count ?? 0)
                core.pointee.tape.append(Tape.word(Tape.string, UInt64(offset)), place)
            case Tape.int64, Tape.uint64, Tape.double:
                core.pointee.tape.append(word, place)
                index += 1
                core.pointee.tape.append(source[index], place)
            default: core.pointee.tape.append(word, place)
            }
            index += 1
        }
        return deepest
    }

    /// A container's word with its index moved; simdjson's element count above the index is dropped.
    private static func moved(_ word: UInt64, _ tag: UInt8, by shift: Int) -> UInt64 {
        Tape.word(tag, UInt64(bitPattern: Int64(word & 0xFFFF_FFFF) + Int64(shift)))
    }

    /// Takes some fields out of the last object on the tape, which must be complete: the words of each, its key's included,
    /// as ascending ranges. What follows them moves up.
    package func removeWords(_ dropped: [Range<Int>], fromLastObject object: Int) {
        guard var index = dropped.first?.lowerBound, index > object else { return }
        var target = index
        var next = 0
        // The object's own last word names its start, which stays where it is.
        let last = core.pointee.tape.count - 1
        while index < last {
            if next < dropped.count, index == dropped[next].lowerBound {
                index = max(index + 1, dropped[next].upperBound)
                next += 1
                continue
            }
            let word = core.pointee.tape.words[index]
            let tag = UInt8(truncatingIfNeeded: word &>> 56)
            switch tag {
            case Tape.object, Tape.array, Tape.objectEnd, Tape.arrayEnd:
                move(index, to: target, as: Self.moved(word, tag, by: target - index))
            case Tape.int64, Tape.uint64, Tape.double:
                move(index, to: target, as: word)
                index += 1
                target += 1
                move(index, to: target, as: core.pointee.tape.words[index])
            default: move(index, to: target, as: word)
            }
            index += 1
            target += 1
        }
        move(last, to: target, as: core.pointee.tape.words[last])
        core.pointee.tape.count = target + 1
        core.pointee.tape.words[object] = Tape.word(Tape.object, UInt64(core.pointee.tape.count))
    }

    private func move(_ index: Int, to target: Int, as word: UInt64) {
        core.pointee.tape.words[target] = word
        core.pointee.tape.places[target] = core.pointee.tape.places[index]
    }
}
