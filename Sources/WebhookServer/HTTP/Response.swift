/// A response in the making. Reused, so that its memory is.
struct Response {
    enum ContentType {
        case json
        case text
        /// The text format of Prometheus, version 0.0.4.
        case metrics
    }

    var status = 200
    var contentType = ContentType.json
    var allow: String?
    var retryAfterSeconds: Int?
    var body: [UInt8] = []

    /// Far more than an ordinary answer; a patch of a large object may take more, but not for good.
    private static let retainedCapacity = 64 * 1_024

    mutating func reset() {
        status = 200
        contentType = .json
        allow = nil
        retryAfterSeconds = nil
        body.removeAll(keepingCapacity: body.capacity <= Self.retainedCapacity)
    }

    mutating func set(_ refusal: Refusal) {
        status = refusal.status
        contentType = .text
        allow = refusal.allow
        retryAfterSeconds = refusal.retryAfterSeconds
        body.removeAll(keepingCapacity: true)
        body.append(contentsOf: refusal.message.utf8)
        body.append(0x0A)
    }
}
