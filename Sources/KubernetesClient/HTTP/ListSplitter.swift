/// Takes a list of the API apart while it arrives: each element of `items` by itself, and the rest, which is small, at the
/// end. So that a page of thousands of objects never lies in memory whole.
///
/// It knows of JSON what it needs to find the ends: strings, escapes and brackets. Whether each part is JSON is for the
/// parser to say that gets it.
package struct ListSplitter {
    /// Bytes of one object; see `BodyCollector.maximumBody`.
    static let maximumItem = 16 << 20
    /// Bytes of everything but the items: kind, apiVersion, metadata with a continue token of some hundred bytes.
    package static let maximumShell = 65_536

    private enum Place {
        /// Outside of `items`.
        case shell
        /// Between two elements.
        case items
        case item
    }

    private var place = Place.shell
    private var depth = 0
    private var string = StringScanner()
    /// The last string of the root object, which is a key if a colon follows it.
    private var key: [UInt8] = []
    private var isItemsKey = false
    private var item: [UInt8] = []
    /// The list with its items left out.
    package private(set) var shell: [UInt8] = []

    package init() {}

    /// Whether the root object has been closed.
    package var isComplete: Bool { depth == 0 && !shell.isEmpty }

    /// Takes bytes; `emit` gets each element that they complete, as a buffer it may grow by the parser's padding.
    package mutating func consume(
        _ bytes: UnsafeRawBufferPointer, _ emit: (inout [UInt8]) throws(KubernetesError) -> Void
    ) throws(KubernetesError) {
        var offset = 0
        while offset < bytes.count {
            switch place {
            case .item:
                let end = scanItem(bytes, from: offset)
                guard item.count + end - offset <= Self.maximumItem else {
                    throw Self.error("an object is larger than \(Self.maximumItem) bytes")
                }
                item.append(contentsOf: bytes[offset..<end])
                offset = end
                if depth == 2 {
                    try emit(&item)
                    item.removeAll(keepingCapacity: item.capacity <= Self.keptCapacity)
                    place = .items
                }
            case .items:
                try between(bytes[offset])
                if place == .item { continue }
                offset += 1
            case .shell:
                guard shell.count < Self.maximumShell else { throw Self.error("it is no list") }
                inShell(bytes[offset])
                offset += 1
            }
        }
    }

    /// A large object is the exception.
    private static let keptCapacity = 1 << 20
    /// More than the key that is looked for has.
    private static let keptKeyBytes = 8

    private static func error(_ reason: String) -> KubernetesError { KubernetesError(.invalidResponse(reason)) }

    private mutating func between(_ byte: UInt8) throws(KubernetesError) {
        switch byte {
        case UInt8(ascii: "{"):
            place = .item
        case UInt8(ascii: "]"):
            shell.append(byte)
            depth -= 1
            place = .shell
        case UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): break
        default: throw Self.error("an item of the list is no object")
        }
    }

    private mutating func inShell(_ byte: UInt8) {
        shell.append(byte)
        let isOpening = !string.isInside
        if string.takes(byte) {
            if isOpening {
                key.removeAll(keepingCapacity: true)
            } else if string.isInside, depth == 1, key.count < Self.keptKeyBytes {
                key.append(byte)
            }
            return
        }
        switch byte {
        case UInt8(ascii: ":"): isItemsKey = depth == 1 && key.elementsEqual("items".utf8)
        case UInt8(ascii: "["):
            depth += 1
            if isItemsKey, depth == 2 { place = .items }
            isItemsKey = false
        case UInt8(ascii: "{"):
            depth += 1
            isItemsKey = false
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): break
        default: isItemsKey = false
        }
    }

    /// Where the element ends, or the bytes do.
    private mutating func scanItem(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var offset = start
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if string.takes(byte) { continue }
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 2 { return offset }
            default: break
            }
        }
        return offset
    }
}

/// Where JSON's strings begin and end.
private struct StringScanner {
    /// The opening quote has been taken, the closing one has not.
    private(set) var isInside = false
    private var isEscaped = false

    /// Takes the next byte, and says whether it belongs to a string. Quotes do.
    @inline(__always)
    mutating func takes(_ byte: UInt8) -> Bool {
        guard isInside else {
            isInside = byte == UInt8(ascii: "\"")
            return isInside
        }
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInside = false
        }
        return true
    }
}

/// Takes a watch apart: one JSON document a line.
package struct FrameSplitter {
    /// An object, old or new, and its envelope.
    static let maximumFrame = ListSplitter.maximumItem + 1_024

    private var frame: [UInt8] = []

    package init() {}

    /// Bytes of a frame that has not ended.
    package var pendingBytes: Int { frame.count }

    /// Takes bytes; `emit` gets each line that they complete, as a buffer it may grow by the parser's padding.
    package mutating func consume(
        _ bytes: UnsafeRawBufferPointer, _ emit: (inout [UInt8]) throws(KubernetesError) -> Void
    ) throws(KubernetesError) {
        var offset = 0
        while offset < bytes.count {
            let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n"))
            frame.append(contentsOf: bytes[offset..<(end ?? bytes.count)])
            guard frame.count <= Self.maximumFrame else {
                throw KubernetesError(.invalidResponse("an event is larger than \(Self.maximumFrame) bytes"))
            }
            guard let end else { return }
            offset = end + 1
            if !frame.isEmpty { try emit(&frame) }
            frame.removeAll(keepingCapacity: frame.capacity <= Self.keptCapacity)
        }
    }

    private static let keptCapacity = 1 << 20
}
