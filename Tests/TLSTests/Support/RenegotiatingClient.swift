import COpenSSL
import NIOCore

/// A client of TLS 1.2 without a socket that asks for a renegotiation right behind a request.
final class RenegotiatingClient {
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private let received: OpaquePointer
    private let sent: OpaquePointer

    init() throws {
        guard let context = SSL_CTX_new(TLS_client_method()), let ssl = SSL_new(context),
            let received = BIO_new(BIO_s_mem()), let sent = BIO_new(BIO_s_mem())
        else { throw TestFailure("no client") }
        self.context = context
        self.ssl = ssl
        self.received = received
        self.sent = sent
        // The connection frees both.
        SSL_set_bio(ssl, received, sent)
        SSL_set_connect_state(ssl)
        guard SSL_ctrl(ssl, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(TLS1_2_VERSION), nil) == 1 else {
            throw TestFailure("no TLS 1.2")
        }
    }

    deinit {
        SSL_free(ssl)
        SSL_CTX_free(context)
    }

    /// What is to be sent next of the handshake.
    func shakeHands() -> ByteBuffer {
        _ = SSL_do_handshake(ssl)
        return takeSent()
    }

    /// A request, and the first message of another handshake behind it.
    func ask(_ text: String) throws -> ByteBuffer {
        guard SSL_is_init_finished(ssl) == 1, SSL_write(ssl, text, Int32(text.utf8.count)) > 0,
            SSL_renegotiate(ssl) == 1
        else { throw TestFailure("nothing can be asked") }
        return shakeHands()
    }

    func receive(_ bytes: ByteBuffer) {
        bytes.withUnsafeReadableBytes { _ = BIO_write(received, $0.baseAddress, Int32($0.count)) }
    }

    private func takeSent() -> ByteBuffer {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = BIO_read(sent, &bytes, Int32(bytes.count))
        return ByteBuffer(bytes: bytes.prefix(max(0, Int(count))))
    }
}
