/// Bytes to point at where a text has none; a `Text` always has an address.
private let nothing: StaticString = ""

extension Text {
    /// The part of the text between two offsets; offsets outside of it are moved to its nearest end.
    func slice(_ start: Int, _ end: Int) -> Text {
        let first = min(max(start, 0), count)
        let last = min(max(end, first), count)
        return Text(base: bytes.baseAddress.map { $0 + first } ?? nothing.utf8Start, count: last - first)
    }

    /// The character at an offset as a message shows it: the whole scalar, made printable; empty past the end.
    func character(at offset: Int) -> String {
        guard offset >= 0, offset < count else { return "" }
        // A scalar takes at most four bytes, and a view of UTF-8 never starts inside of one.
        let scalar = String(decoding: slice(offset, offset + 4).bytes, as: UTF8.self).unicodeScalars.first
        return scalar.map { PrintableText.escaped(String($0)) } ?? ""
    }
}

extension String {
    /// Runs `body` on the string's own bytes.
    package func withText<Answer, Failure: Error>(
        _ body: (Text) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        var copy = self
        let result: Result<Answer, Failure> = copy.withUTF8 { bytes in
            let text = Text(base: bytes.baseAddress ?? nothing.utf8Start, count: bytes.count)
            do throws(Failure) {
                return .success(try body(text))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
