import Documents
import KubernetesClient
import KubernetesTypes

/// What a list or a watch of the API brings: the same parts however the bytes are cut, and those that JSON says.
enum ListFuzz {
    /// What came out.
    private struct Parts: Equatable {
        var items: [[UInt8]] = []
        var shell: [UInt8] = []
        var isComplete = false
        var error: KubernetesError?
    }

    static func run(_ bytes: [UInt8]) throws {
        let whole = split(bytes, piece: max(1, bytes.count))
        let lines = frames(bytes, piece: max(1, bytes.count))
        for piece in [1, 2, 7] {
            try equal(split(bytes, piece: piece), whole, "a list in pieces of \(piece)")
            try equal(frames(bytes, piece: piece), lines, "a watch in pieces of \(piece)")
        }
        if let error = whole.error, case .invalidResponse(let reason) = error.kind { try holdPrintable(reason) }
        let expected = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        try equal(lines.items, expected.dropLast().filter { !$0.isEmpty }.map { Array($0) }, "the lines of a watch")
        try equal(lines.shell.count, expected.last?.count, "what is left of a watch")
        try compare(whole, with: bytes)
    }

    private static func split(_ bytes: [UInt8], piece: Int) -> Parts {
        var splitter = ListSplitter()
        var parts = Parts()
        parts.error = inPieces(bytes, piece) { part throws(KubernetesError) in
            try splitter.consume(part) { item in parts.items.append(item) }
        }
        // Where it ends in an error, how far the rest came is a matter of the pieces.
        guard parts.error == nil else { return parts }
        parts.shell = splitter.shell
        parts.isComplete = splitter.isComplete
        return parts
    }

    /// The lines of a watch; the shell stands for what has not ended.
    private static func frames(_ bytes: [UInt8], piece: Int) -> Parts {
        var splitter = FrameSplitter()
        var parts = Parts()
        parts.error = inPieces(bytes, piece) { part throws(KubernetesError) in
            try splitter.consume(part) { frame in parts.items.append(frame) }
        }
        parts.shell = Array(repeating: 0, count: splitter.pendingBytes)
        return parts
    }

    private static func inPieces(
        _ bytes: [UInt8], _ piece: Int, _ body: (UnsafeRawBufferPointer) throws(KubernetesError) -> Void
    ) -> KubernetesError? {
        for start in stride(from: 0, to: bytes.count, by: piece) {
            // Of its own size, so that the address sanitizer sees a read past its end.
            let part = UnsafeMutableRawBufferPointer.allocate(
                byteCount: min(piece, bytes.count - start), alignment: 1)
            defer { part.deallocate() }
            part.copyBytes(from: bytes[start..<start + part.count])
            do throws(KubernetesError) { try body(UnsafeRawBufferPointer(part)) } catch { return error }
        }
        return nil
    }

    /// A list that is JSON comes apart as JSON says. Keys with escapes, which the API server never writes, and keys that
    /// stand twice are left out.
    private static func compare(_ parts: Parts, with bytes: [UInt8]) throws {
        guard !bytes.contains(UInt8(ascii: "\\")), bytes.count < ListSplitter.maximumShell else { return }
        let parser = JSONParser()
        try bytes.withUnsafeBytes { buffer in
            guard let root = try? parser.parse(buffer), root.isObject, !root.hasDuplicateKeys else { return }
            guard let items = root["items"], items.isArray else {
                try hold(parts.items.isEmpty && parts.error == nil, "items of no list")
                return
            }
            guard items.elements.allSatisfy(\.isObject) else {
                try hold(parts.error != nil, "an item that is no object")
                return
            }
            try hold(parts.isComplete && parts.error == nil, "a list is not complete: \(parts)")
            let found = try parts.items.map { item in try withJSON(item) { $0.jsonText } }
            try equal(found, items.elements.map(\.jsonText), "the items")
            try withJSON(parts.shell) { shell in
                try equal(shell["items"]?.jsonText, Array("[]".utf8), "the items of the rest")
                for field in root.fields where field.key != "items" {
                    let isSame = shell[key: String(field.key)].map(field.value.isEqual(to:)) ?? false
                    try hold(isSame || String(field.key).utf8.count != field.key.count, "the rest has lost a field")
                }
            }
        }
    }
}
