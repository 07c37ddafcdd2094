import KubernetesTypes
import NIOCore
import Synchronization

/// A bearer token, or the file it is in.
///
/// A kubelet replaces the token of a service account some minutes before it expires; a file is therefore read again when
/// what was read is older than `maximumAge`. As in client-go, one that cannot be read leaves the last one in use.
final class TokenSource: Sendable, CustomReflectable {
    /// client-go reads once a minute. Reading is cheap, and a token that was revoked is gone sooner.
    static let maximumAge = TimeAmount.seconds(10)

    private struct State {
        var token: String?
        var readAt: NIODeadline?
    }

    private let path: String?
    private let state: Mutex<State>

    /// A token that never changes.
    init(token: String) throws(ClientConfigurationError) {
        guard Self.isUsable(token) else {
            throw ClientConfigurationError("the token is empty or has characters that no header can hold")
        }
        path = nil
        state = Mutex(State(token: token))
    }

    /// A token in a file; `fallback` serves while that cannot be read.
    init(path: String, fallback: String? = nil) {
        self.path = path
        state = Mutex(State(token: fallback.flatMap { Self.isUsable($0) ? $0 : nil }))
    }

    /// The token to send now. Reads a small file now and then.
    func current(at now: NIODeadline = .now()) throws(KubernetesError) -> String {
        guard let path else { return state.withLock { $0.token ?? "" } }
        return try state.withLock { (state) throws(KubernetesError) -> String in
            if let token = state.token, let readAt = state.readAt, now - readAt < Self.maximumAge { return token }
            do throws(CredentialFileError) {
                let token = try Self.read(path)
                (state.token, state.readAt) = (token, now)
                return token
            } catch {
                // Tried again next time.
                guard let token = state.token else {
                    throw KubernetesError(.credentials("the token cannot be read: \(error.text)"))
                }
                return token
            }
        }
    }

    /// Has a file read again at the next call: the API server refused what was read last.
    func expire() {
        state.withLock { $0.readAt = nil }
    }

    private static func read(_ path: String) throws(CredentialFileError) -> String {
        let bytes = try CredentialFile.read(path)
        // Editors and `echo` leave a line end.
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        let end = bytes.lastIndex { !isSpace($0) } ?? -1
        let token = String(decoding: bytes[...end].drop(while: isSpace), as: UTF8.self)
        guard isUsable(token) else { throw CredentialFileError(path, "holds no token") }
        return token
    }

    /// A header's value: visible ASCII (RFC 6750, section 2.1).
    private static func isUsable(_ token: String) -> Bool {
        !token.isEmpty && token.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }

    var customMirror: Mirror { Mirror(self, children: []) }
}
