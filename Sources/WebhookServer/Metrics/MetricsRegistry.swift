import Synchronization

/// Everything `/metrics` shows. Other modules add their families before or while the server runs.
package final class MetricsRegistry: Sendable {
    /// Writes families with their samples; called for each scrape, on the thread of the operations listener.
    package typealias Collector = @Sendable (inout MetricsText) -> Void

    /// What every name begins with.
    package static let prefix = "unikorn_region_webhook_"

    private let collectors = Mutex<[Collector]>([])

    package init() {}

    /// Adds families to the end. A family must be added once only.
    package func add(_ collector: @escaping Collector) {
        collectors.withLock { $0.append(collector) }
    }

    package func render() -> [UInt8] {
        var text = MetricsText()
        for collect in collectors.withLock({ $0 }) { collect(&text) }
        return text.bytes
    }
}
