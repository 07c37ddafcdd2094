/// The server's side of TLS on a channel: first handler of the pipeline of an accepted connection.
///
/// Sends `TLSHandshakeCompleted` up once; see `TLSChannelHandler` for everything else.
package final class TLSServerHandler: TLSChannelHandler {
    /// The context is taken anew for each connection, from `TLSServerContextProvider.current`.
    /// `buffers` are those of the channel's event loop. `onHandshakeEnd` is called once, when the handshake is complete or
    /// the connection is not going to have one.
    package init(
        context: TLSServerContext, timeouts: TLSTimeouts = TLSTimeouts(), buffers: TLSBuffers = TLSBuffers(),
        onHandshakeEnd: (() -> Void)? = nil
    ) throws(TLSError) {
        super.init(try TLSConnection(context, buffers: buffers), timeouts)
        self.onHandshakeEnd = onHandshakeEnd
    }
}
