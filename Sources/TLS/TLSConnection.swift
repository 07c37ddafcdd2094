import Synchronization
package import NIOCore
internal import COpenSSL

/// What a step of a connection came to. No step ever blocks.
package enum TLSStep: Equatable, Sendable {
    /// The step needs more bytes from the peer.
    case incomplete
    /// The step is done. For `TLSConnection.read`: the peer has ended its side.
    case complete
    /// The connection is of no more use. There may be an alert to send.
    case failed(TLSError)
}

/// One TLS connection without a socket: ciphertext is put in and taken out by the caller.
///
/// Not thread-safe; each connection stays on its event loop. After every step `takeOutbound` may have bytes to send.
package final class TLSConnection {
    private let ssl: OpaquePointer
    private let transport: ByteBufferBIO
    let buffers: TLSBuffers
    private let context: TLSContext
    let isServer: Bool

    /// Plaintext of a record at most.
    static let recordSize = 16_384
    /// As many as simdjson may read after a document, so that what is received need not be copied to be parsed.
    package static let zeros = 64
    /// More than a record adds to its plaintext in TLS 1.2 (29 bytes) and 1.3 (22 bytes).
    private static let recordOverhead = 32

    /// The server's side of a new connection. `buffers` are those of its event loop.
    package convenience init(_ server: TLSServerContext, buffers: TLSBuffers = TLSBuffers()) throws(TLSError) {
        try self.init(server.context, buffers, isServer: true)
        SSL_set_accept_state(ssl)
    }

    /// The client's side of a new connection.
    ///
    /// `serverName` is the DNS name or IP address the server's certificate must be made for. A DNS name is also sent as
    /// the server name indication.
    package convenience init(
        _ client: TLSClientContext, serverName: String, buffers: TLSBuffers = TLSBuffers()
    ) throws(TLSError) {
        try self.init(client.context, buffers, isServer: false)
        SSL_set_connect_state(ssl)
        try expect(serverName)
    }

    private init(_ context: TLSContext, _ buffers: TLSBuffers, isServer: Bool) throws(TLSError) {
        let transport = try ByteBufferBIO(buffers)
        OpenSSLErrorQueue.clear()
        guard let ssl = SSL_new(context.pointer) else { throw OpenSSLErrorQueue.libraryError("SSL_new") }
        self.transport = transport
        self.ssl = ssl
        self.buffers = buffers
        self.context = context
        self.isServer = isServer
        // SSL_set_bio takes over one reference when both directions are the same BIO.
        BIO_up_ref(transport.pointer)
        SSL_set_bio(ssl, transport.pointer, transport.pointer)
        context.liveConnections.add(1, ordering: .relaxed)
    }

    deinit {
        SSL_free(ssl)
        context.liveConnections.subtract(1, ordering: .relaxed)
    }

    /// Has the certificate of the server checked against its name.
    private func expect(_ serverName: String) throws(TLSError) {
        OpenSSLErrorQueue.clear()
        switch CertificateName(serverName) {
        case .ip(let address):
            guard X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), address) == 1 else {
                throw OpenSSLErrorQueue.libraryError("X509_VERIFY_PARAM_set1_ip_asc")
            }
        case .dns(let name):
            // As in Go: only subjectAltName counts, and a wildcard stands for a whole label.
            SSL_set_hostflags(
                ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS) | UInt32(X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
            guard SSL_set1_host(ssl, name) == 1, COpenSSL_set_tlsext_host_name(ssl, name) == 1 else {
                throw OpenSSLErrorQueue.libraryError("SSL_set1_host")
            }
        case nil:
            throw .invalidName(serverName)
        }
    }

    // MARK: Ciphertext

    /// Hands over bytes from the peer, to be used by the next steps.
    package func receive(_ ciphertext: ByteBuffer) {
        transport.receive(ciphertext)
    }

    /// There may be plaintext to read without another byte from the peer.
    package var hasInput: Bool { transport.inboundCount > 0 || SSL_pending(ssl) > 0 }

    /// Everything that was handed over has been taken.
    var isInputTaken: Bool { transport.inboundCount == 0 }

    /// How many bytes there are to send.
    package var outputCount: Int { transport.outboundCount }

    /// Takes all bytes that have to be sent to the peer.
    package func takeOutput() -> ByteBuffer {
        transport.takeOutbound()
    }

    // MARK: Steps

    /// Goes on with the handshake.
    package func handshake() -> TLSStep {
        OpenSSLErrorQueue.clear()
        let result = SSL_do_handshake(ssl)
        return result == 1 ? .complete : outcome(of: result)
    }

    /// Appends all plaintext there is to the buffer, and leaves zeros in the memory behind it: at least `zeros` of them.
    ///
    /// `complete` means that the peer has ended its side in good order; plaintext may have been appended before that.
    package func read(into plaintext: inout ByteBuffer) -> TLSStep {
        let outputBefore = transport.outboundCount
        while true {
            // A record that came in parts has some of its bytes in OpenSSL already.
            let room = transport.inboundCount + (SSL_has_pending(ssl) == 1 ? Self.recordSize : 0)
            var result: Int32 = 0
            OpenSSLErrorQueue.clear()
            plaintext.writeWithUnsafeMutableBytes(minimumWritableBytes: max(room, 1) + Self.zeros) { destination in
                var count = 0
                result = SSL_read_ex(ssl, destination.baseAddress, destination.count - Self.zeros, &count)
                if result != 1 { count = 0 }
                UnsafeMutableRawBufferPointer(rebasing: destination[count..<(count + Self.zeros)])
                    .initializeMemory(as: UInt8.self, repeating: 0)
                return count
            }
            if result != 1 { return refusingRenegotiation(outcome(of: result), outputBefore) }
            // Everything has been used up: another call could only say so.
            if !hasInput { return refusingRenegotiation(.incomplete, outputBefore) }
        }
    }

    /// Encrypts the buffer. Never `incomplete`.
    package func write(_ plaintext: ByteBuffer) -> TLSStep {
        let count = plaintext.readableBytes
        if count == 0 { return .complete }
        transport.reserveOutbound(count + (count / Self.recordSize + 1) * Self.recordOverhead)
        var result: Int32 = 0
        OpenSSLErrorQueue.clear()
        plaintext.withUnsafeReadableBytes { source in
            var written = 0
            result = SSL_write_ex(ssl, source.baseAddress, source.count, &written)
        }
        guard result == 1 else {
            let step = outcome(of: result)
            // The transport takes everything and there is no renegotiation, so that writing never has to wait.
            return step == .incomplete ? .failed(.library(operation: "SSL_write", reasons: [])) : step
        }
        return .complete
    }

    /// Ends this side with a `close_notify`. `complete` if the peer has ended its own, `incomplete` if it has not.
    package func shutdown() -> TLSStep {
        OpenSSLErrorQueue.clear()
        let result = SSL_shutdown(ssl)
        if result >= 0 { return SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN != 0 ? .complete : .incomplete }
        return outcome(of: result)
    }

    /// A server of TLS 1.2 that has something to send while it reads has just refused a renegotiation. OpenSSL would go
    /// on; but the client has no use for the connection, and could make it an endless exchange of alerts.
    private func refusingRenegotiation(_ step: TLSStep, _ outputBefore: Int) -> TLSStep {
        guard isServer, transport.outboundCount > outputBefore, SSL_version(ssl) == TLS1_2_VERSION, step == .incomplete
        else { return step }
        return .failed(.renegotiationRefused)
    }

    private func outcome(of result: Int32) -> TLSStep {
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE:
            return .incomplete
        case SSL_ERROR_ZERO_RETURN:
            return .complete
        default:
            return .failed(failure(OpenSSLErrorQueue.drain()))
        }
    }

    private func failure(_ failure: OpenSSLErrorQueue.Failure) -> TLSError {
        if failure.isPlaintextHTTP { return .plaintextHTTP }
        if failure.isMissingPeerCertificate { return .peerCertificateMissing }
        if failure.isVerificationFailure {
            return .peerCertificateRejected(
                reason: String(cString: X509_verify_cert_error_string(SSL_get_verify_result(ssl))))
        }
        return .protocolFailure(reasons: failure.texts)
    }

    // MARK: Facts

    /// What was agreed on. Meaningful once the handshake is complete.
    package var session: TLSHandshakeCompleted {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &count)
        let peer = SSL_get1_peer_certificate(ssl).map { Certificate(owning: $0) }
        return TLSHandshakeCompleted(
            version: SSL_version(ssl) == TLS1_3_VERSION ? .tls13 : .tls12,
            cipher: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)).map { String(cString: $0) } ?? "",
            isResumed: SSL_session_reused(ssl) == 1,
            applicationProtocol: name.map {
                String(decoding: UnsafeBufferPointer(start: $0, count: Int(count)), as: UTF8.self)
            },
            peerCertificate: peer?.facts)
    }
}
