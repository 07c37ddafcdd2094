import Synchronization

/// What must hold before the server wants requests. Other modules add theirs; `/readyz?verbose` names them.
package final class ReadinessChecks: Sendable {
    /// What a check found.
    package enum Result: Equatable, Sendable {
        case ok
        /// The server is ready all the same, and the operator should know something: one line.
        case notice(String)
        /// With a reason for the operator, one line.
        case failed(String)

        var isPassed: Bool {
            switch self {
            case .ok, .notice: true
            case .failed: false
            }
        }
    }

    /// Called for each probe, on the thread of the operations listener: it must not block.
    package typealias Check = @Sendable () -> Result

    private let checks = Mutex<[(name: String, check: Check)]>([])

    package init() {}

    /// Adds a check to the end. The name is short and without spaces: `inventory-sync`.
    package func add(_ name: String, _ check: @escaping Check) {
        checks.withLock { $0.append((name, check)) }
    }

    /// True if no check fails.
    package var isReady: Bool {
        run().allSatisfy(\.result.isPassed)
    }

    func run() -> [(name: String, result: Result)] {
        checks.withLock { $0 }.map { ($0.name, $0.check()) }
    }
}
