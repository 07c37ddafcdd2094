import Glibc
import Synchronization

/// A file descriptor that takes whole lines from any thread.
package final class LogSink: Sendable {
    /// Where the operator looks.
    package static let standardError = LogSink(descriptor: STDERR_FILENO)

    private let descriptor: Mutex<Int32>

    /// - Parameter descriptor: stays open for as long as the sink is used; it is not closed by it.
    package init(descriptor: Int32) {
        self.descriptor = Mutex(descriptor)
    }

    /// Writes all of it, or as much as the descriptor takes; there is nobody to report a failure to.
    func write(_ line: [UInt8]) {
        descriptor.withLock { descriptor in
            line.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    if count < 0, errno == EINTR { continue }
                    guard count > 0 else { return }
                    rest = rest.dropFirst(count)
                }
            }
        }
    }
}
