internal import CYAML
package import KubernetesTypes

/// Reads the documents of a YAML stream one after the other, as kubectl and the API server read them
/// (sigs.k8s.io/yaml): the result is what their JSON would be, with the place of every value.
///
/// After an error the stream goes on with the next document: the next line that starts with `---`. The reader, and its
/// storage, may be used for any number of inputs.
package final class YAMLDocumentReader {
    private var composer = YAMLComposer()
    private var events: LibYAML?
    /// What is read; the caller's bytes, or the reader's own where they were UTF-16.
    private var source = UnsafeRawBufferPointer(start: nil, count: 0)
    private var transcoded: UnsafeMutableRawBufferPointer?
    /// Where libyaml's present input starts: the source's beginning or a document behind an error.
    private var segment = (offset: 0, line: UInt32(1), column: UInt32(1))
    /// Where the document now read starts, at the earliest; relative to the file.
    private var previousEnd = SourcePosition(line: 1, column: 1)
    /// The line of the marker (or first value) of the document now read; 0 between documents.
    private var documentLine: UInt32 = 0
    private var index = 0
    /// An error to report once the documents before it were read.
    private var deferred: (error: DocumentError, offset: Int)?

    package init() {}

    deinit { transcoded?.deallocate() }

    /// Starts to read an input, which must stay in place until it was read to the end, or another one is opened.
    ///
    /// A stream whose beginning was read otherwise is read from an offset on; its place, and the number of documents before
    /// it, are then given too.
    package func open(
        _ input: UnsafeRawBufferPointer, from offset: Int = 0,
        at position: SourcePosition = SourcePosition(line: 1, column: 1), index: Int = 0
    ) {
        close()
        self.index = index
        deferred = nil
        guard input.count <= DocumentLimits.inputBytes else {
            // Nothing of it is looked at.
            let message = "the input is larger than \(DocumentLimits.inputBytes) bytes"
            deferred = (DocumentError(.limit, message, at: position), 0)
            return
        }
        source = input
        if offset == 0, let order = UTF16Input.byteOrder(of: input) { transcode(order) }
        start(at: offset, line: position.line, column: position.column, limit: source.count)
    }

    private func transcode(_ order: UTF16Input.ByteOrder) {
        let (bytes, error) = UTF16Input.transcoded(source, order)
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + 1, alignment: 1)
        copy.copyBytes(from: bytes)
        transcoded = copy
        source = UnsafeRawBufferPointer(rebasing: copy.prefix(bytes.count))
        if error {
            var lines = SourceLines(source, from: 0, line: 1)
            while lines.advance() {}
            let message = "the input is not valid UTF-16"
            deferred = (DocumentError(.encoding, message, at: lines.position(of: source.count)), source.count)
        }
    }

    /// Forgets the input. Documents read from it are no longer valid.
    package func close() {
        events = nil
        transcoded?.deallocate()
        transcoded = nil
        source = UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Hands libyaml a part of the source.
    private func start(at offset: Int, line: UInt32, column: UInt32, limit: Int) {
        segment = (offset, line, column)
        previousEnd = SourcePosition(line: line, column: column)
        documentLine = 0
        composer.origin = YAMLOrigin(line: line, column: column)
        guard offset <= limit else {
            events = nil
            return
        }
        events = LibYAML(UnsafeRawBufferPointer(rebasing: source[offset..<limit]))
    }

    /// The next document; nil at the end of the stream. It is valid until the next call.
    ///
    /// An error is about one document: the next call goes on behind it.
    package func next() throws(DocumentError) -> Document? {
        while true {
            do {
                if let document = try read() {
                    index += 1
                    return document
                }
            } catch {
                if let offset = error.offset {
                    deferError(error.error, at: segment.offset + offset)
                    continue
                }
                index += 1
                resume(after: error.error.position)
                throw error.error
            }
            events = nil
            guard let deferred else { return nil }
            self.deferred = nil
            index += 1
            resume(behind: deferred.offset)
            throw deferred.error
        }
    }

    private func read() throws(YAMLFailure) -> Document? {
        guard let events else { return nil }
        while true {
            guard events.advance() else { throw YAMLFailure(events.problem, from: composer.origin) }
            let event = events.event
            switch event.pointee.type {
            case YAML_DOCUMENT_START_EVENT:
                let start = composer.position(event)
                documentLine = composer.origin.position(event.pointee.end_mark).line
                if let version = event.pointee.data.document_start.version_directive?.pointee,
                    version.major != 1 || version.minor != 1
                {
                    let message = "YAML \(version.major).\(version.minor) is not read by Kubernetes, only 1.1"
                    throw YAMLFailure(.syntax, message, at: start)
                }
                try composer.compose(events)
                previousEnd = composer.origin.position(event.pointee.end_mark)
                documentLine = 0
                return Document(
                    root: composer.tape.root, start: start, index: index, duplicateKeys: composer.duplicateKeys)
            case YAML_STREAM_END_EVENT: return nil
            default: break
            }
        }
    }
}

// What follows an error.
extension YAMLDocumentReader {
    /// Goes on at the first document marker at or behind a place, but behind the marker of the document that failed.
    private func resume(after place: SourcePosition) {
        var lines = SourceLines(source, from: segment.offset, line: segment.line)
        events = nil
        while lines.advance() {
            guard lines.line >= place.line, lines.line > documentLine, lines.isDocumentMarker else { continue }
            return start(at: lines.offset, line: lines.line, column: 1, limit: source.count)
        }
    }

    /// Goes on at the first document marker behind an offset.
    private func resume(behind offset: Int) {
        var lines = SourceLines(source, from: segment.offset, line: segment.line)
        events = nil
        while lines.advance() {
            guard lines.offset > offset, lines.isDocumentMarker else { continue }
            return start(at: lines.offset, line: lines.line, column: 1, limit: source.count)
        }
    }

    /// Deals with bytes that cannot be decoded. libyaml meets them up to some 16 KB before it gets to their document, so
    /// the documents before that one are read first, from an input that ends where it starts.
    private func deferError(_ error: DocumentError, at offset: Int) {
        var lines = SourceLines(source, from: segment.offset, line: segment.line)
        var next = lines
        var startColumn = segment.column
        // Where the document now read starts: previousEnd as an offset.
        var current = segment.offset
        var directive: Int?
        var marker: Int?
        while true {
            if lines.line == previousEnd.line {
                current = lines.offset(ofColumn: previousEnd.column, startColumn: startColumn)
            }
            if lines.isDirective, directive == nil { directive = lines.offset }
            if lines.isDocumentMarker {
                if lines.line > max(previousEnd.line, documentLine) { marker = directive ?? lines.offset }
                directive = nil
            }
            guard next.advance(), next.offset <= offset else { break }
            lines = next
            startColumn = 1
        }
        let place = lines.position(of: offset, startColumn: startColumn)
        deferred = (DocumentError(error.kind, error.message, at: place), offset)
        if let marker, marker > current {
            start(at: current, line: previousEnd.line, column: previousEnd.column, limit: marker)
        } else {
            events = nil
        }
    }
}
