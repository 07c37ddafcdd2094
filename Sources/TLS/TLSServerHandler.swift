/// The server's side of TLS on a channel: first handler of the pipeline of an accepted connection.
///
/// Sends `TLSHandshakeCompleted` up once; see `TLSChannelHandler` for everything else.
package final class TLSServerHandler: TLSChannelHandler {
    /// The context is taken anew for each connection, from `TLSServerContextProvider.current`.
    package init(context: TLSServerContext, timeouts: TLSTimeouts = TLSTimeouts()) throws(TLSError) {
        super.init(try TLSConnection(context), timeouts)
    }
}
