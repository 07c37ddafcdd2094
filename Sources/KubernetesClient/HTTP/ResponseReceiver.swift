import Documents
import KubernetesTypes
import NIOCore
import NIOHTTP1

/// Takes one response as it arrives, on the client's event loop. What is no success is collected here and becomes an
/// error; what a success holds is the subclass's.
class ResponseReceiver {
    /// A Status has some hundred bytes, and one with causes some thousands.
    private static let maximumErrorBody = 65_536

    /// Taken out of what the server says, see `APIStatus`.
    private let secret: String?
    private(set) var status = 0
    private var retryAfter: Int?
    private var errorBody: [UInt8] = []

    init(hiding secret: String?) {
        self.secret = secret
    }

    private var isSuccess: Bool { (200..<300).contains(status) }

    final func receive(_ head: HTTPResponseHead) throws(KubernetesError) {
        status = Int(head.status.code)
        retryAfter = head.headers.first(name: "Retry-After").flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        if let encoding = head.headers.first(name: "Content-Encoding"), encoding.lowercased() != "identity" {
            throw KubernetesError(
                .invalidResponse(
                    "it is encoded as \(PrintableText.escaped(encoding, limit: 32)), which nobody asked for"),
                isOutcomeUnknown: true)
        }
        if isSuccess { try begin() }
    }

    final func receive(_ body: ByteBuffer) throws(KubernetesError) {
        if isSuccess { return try consume(body) }
        let room = Self.maximumErrorBody - errorBody.count
        if room > 0 { errorBody.append(contentsOf: body.readableBytesView.prefix(room)) }
    }

    final func end() throws(KubernetesError) {
        if isSuccess { return try finish() }
        // An answer of a server says what became of the request, but for one whose storage or time gave out half-way.
        let isOutcomeUnknown = status >= 500 && status != 503
        throw KubernetesError(.status(apiStatus), isOutcomeUnknown: isOutcomeUnknown)
    }

    private var apiStatus: APIStatus {
        let parser = JSONParser()
        if let root = errorBody.withUnsafeBytes({ try? parser.parse($0) }),
            let status = APIStatus(root, code: status, retryAfter: retryAfter, hiding: secret)
        {
            return status
        }
        let message = (300..<400).contains(status) ? "a redirect, which is not followed" : ""
        return APIStatus(code: status, message: message, retryAfterSeconds: retryAfter)
    }

    /// No more is there for the moment: of the connection, on which the response may not have begun.
    final func pause() {
        if isSuccess { batchEnded() }
    }

    /// The head of a success.
    func begin() throws(KubernetesError) {}
    /// A part of its body.
    func consume(_ body: ByteBuffer) throws(KubernetesError) {}
    /// Its end.
    func finish() throws(KubernetesError) {}
    /// No more of a success is there for the moment.
    func batchEnded() {}
}

/// Collects a whole body.
final class BodyCollector: ResponseReceiver {
    /// etcd stores objects of up to 1.5 MiB, and the API server's JSON of one has six bytes for some of its characters.
    static let maximumBody = 16 << 20

    private(set) var body: [UInt8] = []

    override func consume(_ part: ByteBuffer) throws(KubernetesError) {
        guard body.count + part.readableBytes <= Self.maximumBody else {
            throw KubernetesError(.invalidResponse("larger than \(Self.maximumBody) bytes"), isOutcomeUnknown: true)
        }
        body.append(contentsOf: part.readableBytesView)
    }
}
