import COpenSSL
import Foundation
import NIOCore

/// A client that asks for new keys again and again (RFC 8446, 4.6.3), which the server has to answer, and reads nothing.
enum KeyUpdater {
    struct Failure: Error {}

    /// Connects, and asks so many times or until nothing more can be sent for a second. `meanwhile` is called at the end,
    /// with the connection still open.
    static func run(port: Int, times: Int, meanwhile: @escaping @Sendable () throws -> Void) async throws {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let socket = try connect(port)
                        defer { close(socket) }
                        try ask(socket, times)
                        try meanwhile()
                    })
            }
        }
    }

    private static func connect(_ port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var small: Int32 = 4_096
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &small, socklen_t(MemoryLayout<Int32>.size))
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        // By SwiftNIO, to whose modules the members of sockaddr_in belong in some builds.
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        let result = address.withSockAddr { Foundation.connect(descriptor, $0, socklen_t($1)) }
        guard result == 0 else { throw Failure() }
        return descriptor
    }

    private static func ask(_ socket: Int32, _ times: Int) throws {
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw Failure() }
        defer { SSL_CTX_free(context) }
        guard let ssl = SSL_new(context) else { throw Failure() }
        defer { SSL_free(ssl) }
        guard SSL_set_fd(ssl, socket) == 1, SSL_connect(ssl) == 1, SSL_version(ssl) == TLS1_3_VERSION else {
            throw Failure()
        }
        for _ in 0..<times {
            guard SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) == 1, SSL_do_handshake(ssl) == 1 else { return }
        }
    }
}
