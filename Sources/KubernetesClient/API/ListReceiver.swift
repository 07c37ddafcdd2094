import Documents
import KubernetesTypes
import NIOCore
import RegionAPI

/// Decodes one page of a list while it arrives.
final class ListReceiver: ResponseReceiver {
    private let visit: (Value) -> Void
    private let parser = JSONParser(emptying: UnreadFields.pointers())
    private var splitter = ListSplitter()
    private(set) var resourceVersion = ""
    /// Of the next page; empty where this is the last.
    private(set) var continueToken = ""

    init(hiding secret: String?, visit: @escaping (Value) -> Void) {
        self.visit = visit
        super.init(hiding: secret)
    }

    override func consume(_ body: ByteBuffer) throws(KubernetesError) {
        try body.forReadableBytes { bytes throws(KubernetesError) in
            try splitter.consume(bytes) { item throws(KubernetesError) in
                visit(try parser.parseInPlace(&item))
                parser.releaseIfLarge()
            }
        }
    }

    override func finish() throws(KubernetesError) {
        guard splitter.isComplete else { throw KubernetesError(.invalidResponse("the list is cut short")) }
        var shell = splitter.shell
        let root = try parser.parseInPlace(&shell)
        guard let kind = root["kind"]?.text, String(kind).hasSuffix("List"), let metadata = root["metadata"] else {
            throw KubernetesError(.invalidResponse("it is no list"))
        }
        resourceVersion = metadata["resourceVersion"]?.text.map { String($0) } ?? ""
        continueToken = metadata["continue"]?.text.map { String($0) } ?? ""
    }
}

/// Decodes the events of a watch as they arrive.
final class WatchReceiver: ResponseReceiver {
    private let observer: any WatchObserver
    private let parser = JSONParser(emptying: UnreadFields.pointers(below: "/object"))
    private var splitter = FrameSplitter()

    init(hiding secret: String?, observer: any WatchObserver) {
        self.observer = observer
        super.init(hiding: secret)
    }

    override func begin() throws(KubernetesError) {
        observer.watchBegan()
    }

    override func consume(_ body: ByteBuffer) throws(KubernetesError) {
        try body.forReadableBytes { bytes throws(KubernetesError) in
            try splitter.consume(bytes) { frame throws(KubernetesError) in try deliver(&frame) }
        }
    }

    private func deliver(_ frame: inout [UInt8]) throws(KubernetesError) {
        let root = try parser.parseInPlace(&frame)
        defer { parser.releaseIfLarge() }
        guard let name = root["type"]?.text.map({ String($0) }), let object = root["object"], object.isObject else {
            throw KubernetesError(.invalidResponse("an event has no type or no object"))
        }
        if let type = WatchEventType(rawValue: name) {
            observer.event(type, object)
        } else if name == "ERROR" {
            let status = APIStatus(object, code: 0, retryAfter: nil) ?? APIStatus(code: 500)
            throw KubernetesError(.status(status))
        } else {
            throw KubernetesError(
                .invalidResponse("an event has the type \"\(PrintableText.escaped(name, limit: 32))\""))
        }
    }

    override func batchEnded() {
        observer.batchEnded()
    }

    override func finish() throws(KubernetesError) {
        if splitter.pendingBytes > 0 { throw KubernetesError(.invalidResponse("the last event is cut short")) }
    }
}

extension JSONParser {
    /// What one parser may keep for the next document; its buffers take about twelve times as much.
    private static let keptBytes = 256 << 10

    /// Parses bytes where they lie; they grow by what the parser reads beyond their end.
    func parseInPlace(_ bytes: inout [UInt8]) throws(KubernetesError) -> Value {
        let count = bytes.count
        bytes.append(contentsOf: repeatElement(0, count: Self.padding))
        let result = bytes.withUnsafeBytes { bytes -> Result<Value, DocumentError> in
            do throws(DocumentError) {
                return .success(try parse(bytes, count: count))
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let root): return root
        // The parser's message says what kind of fault it is, never what the text was.
        case .failure(let error): throw KubernetesError(.invalidResponse("it is not JSON: \(error.message)"))
        }
    }

    func releaseIfLarge() {
        if heldBytes > Self.keptBytes { release() }
    }
}

extension ByteBuffer {
    /// As `withUnsafeReadableBytes`, which does not keep the type of an error.
    fileprivate func forReadableBytes(
        _ body: (UnsafeRawBufferPointer) throws(KubernetesError) -> Void
    ) throws(KubernetesError) {
        let result = withUnsafeReadableBytes { bytes -> Result<Void, KubernetesError> in
            do throws(KubernetesError) {
                return .success(try body(bytes))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }
}
