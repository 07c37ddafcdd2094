/// The client's side of TLS on a channel: first handler of the pipeline of an outgoing connection.
///
/// Sends `TLSHandshakeCompleted` up once; see `TLSChannelHandler` for everything else.
package final class TLSClientHandler: TLSChannelHandler {
    /// `serverName` is the DNS name or IP address (without brackets) the server's certificate must be made for; anything
    /// else is refused as `TLSError.invalidName`. `buffers` are those of the channel's event loop.
    package init(
        context: TLSClientContext, serverName: String, timeouts: TLSTimeouts = TLSTimeouts(),
        buffers: TLSBuffers = TLSBuffers()
    ) throws(TLSError) {
        super.init(try TLSConnection(context, serverName: serverName, buffers: buffers), timeouts)
    }
}
