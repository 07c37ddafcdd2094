internal import KubernetesTypes

/// Reads the documents of a JSON stream from a file: values one after the other, with or without white space between.
///
/// simdjson makes the tape, as for the server, and a scanner the place of each of its words. The reader, and its storage,
/// may be used for any number of inputs.
package final class JSONDocumentReader {
    private let parser = JSONParser()
    private var source = UnsafeRawBufferPointer(start: nil, count: 0)
    private var scanner = JSONScanner(UnsafeRawBufferPointer(start: nil, count: 0))
    private var finder = DuplicateKeyFinder()
    private var isAtEnd = true
    /// The number of documents read so far.
    private(set) var index = 0
    /// Where the last document ended.
    private(set) var end = (offset: 0, position: SourcePosition(line: 1, column: 1))

    package init() {}

    /// Starts to read an input, which must stay in place until it was read to the end, or another one is opened.
    package func open(_ input: UnsafeRawBufferPointer) {
        source = input
        scanner = JSONScanner(input)
        isAtEnd = false
        index = 0
        end = (scanner.offset, scanner.position)
    }

    /// The next document; nil at the end of the stream. It is valid until the next call.
    ///
    /// Nothing can be read behind an error: the stream ends with it.
    package func next() throws(DocumentError) -> Document? {
        guard !isAtEnd else { return nil }
        do throws(DocumentError) {
            guard source.count <= DocumentLimits.inputBytes else {
                let message = "the input is larger than \(DocumentLimits.inputBytes) bytes"
                throw DocumentError(.limit, message, at: scanner.position)
            }
            guard scanner.skipSpace() else {
                isAtEnd = true
                return nil
            }
            let document = try read()
            index += 1
            end = (scanner.offset, scanner.position)
            return document
        } catch {
            isAtEnd = true
            throw error
        }
    }

    private func read() throws(DocumentError) -> Document {
        let start = (offset: scanner.offset, position: scanner.position)
        try scanner.scanValue()
        let text = UnsafeRawBufferPointer(rebasing: source[start.offset..<scanner.offset])
        let bare: Value
        do {
            bare = try parser.parse(text)
        } catch {
            // The scanner refuses whatever simdjson does; should it not, this is at least the document.
            throw DocumentError(error.kind, error.message, at: start.position)
        }
        // One place a word, and the root's two words around them.
        guard bare.wordCount + 1 == scanner.positions.count else {
            throw DocumentError(.syntax, "the document was read in two ways that differ", at: start.position)
        }
        let root = bare.located(at: scanner.positions.start)
        return Document(root: root, start: start.position, index: index, duplicateKeys: duplicateKeys(in: root))
    }

    private func duplicateKeys(in root: Value) -> [DuplicateKey] {
        var found: [DuplicateKey] = []
        root.forEachObject { object in
            finder.search(object)
            if !finder.repetitions.isEmpty { found += finder.duplicateKeys }
        }
        return found
    }
}
