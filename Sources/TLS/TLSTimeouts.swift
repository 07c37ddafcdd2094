package import NIOCore

/// How long a TLS handler waits for its peer.
package struct TLSTimeouts: Sendable {
    /// From the start of the connection to the end of the handshake. The API server gives up after the same time.
    package var handshake: TimeAmount
    /// From the first sign of closing to the closed socket: for what is still to be sent, and for the peer's
    /// `close_notify` or end of stream. Closing at once, with bytes from the peer unread, makes the kernel send a
    /// reset, which can overtake the last answer or alert.
    package var close: TimeAmount

    package init(handshake: TimeAmount = .seconds(10), close: TimeAmount = .seconds(1)) {
        self.handshake = handshake
        self.close = close
    }
}
