/// The server's side of TLS on a channel: first handler of the pipeline of an accepted connection.
///
/// Sends `TLSHandshakeCompleted` up once; see `TLSChannelHandler` for everything else.
package final class TLSServerHandler: TLSChannelHandler {
    /// The context is taken anew for each connection, from `TLSServerContextProvider.current`.
    /// `buffers` and `turn` are those of the channel's event loop; without a turn it serves and sends on its own.
    /// `onHandshakeEnd` is called once, when the handshake is complete or the connection is not going to have one.
    package init(
        context: TLSServerContext, timeouts: TLSTimeouts = TLSTimeouts(), buffers: TLSBuffers = TLSBuffers(),
        turn: TLSTurn? = nil, onHandshakeEnd: (() -> Void)? = nil
    ) throws(TLSError) {
        super.init(try TLSConnection(context, buffers: buffers), timeouts, turn: turn)
        self.onHandshakeEnd = onHandshakeEnd
    }
}
