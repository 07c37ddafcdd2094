import NIOCore
import Synchronization
import TLS

/// What has happened on a server's connections, or on one client's.
final class ConnectionLog: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var handshakes: [TLSHandshakeCompleted] = []
        var errors: [any Error] = []
    }

    private let state = Mutex(State())

    var channels: [any Channel] { state.withLock { $0.channels } }
    var handshakes: [TLSHandshakeCompleted] { state.withLock { $0.handshakes } }
    var errors: [TLSError] { state.withLock { $0.errors.compactMap { $0 as? TLSError } } }

    func opened(_ channel: any Channel) { state.withLock { $0.channels.append(channel) } }
    func completed(_ handshake: TLSHandshakeCompleted) { state.withLock { $0.handshakes.append(handshake) } }
    func failed(_ error: any Error) { state.withLock { $0.errors.append(error) } }
}

/// Waits until the condition holds, and fails after half a minute.
func eventually(_ condition: () throws -> Bool) async throws {
    for _ in 0..<6_000 {
        if try condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw TestFailure("it has not happened in half a minute")
}
