import Synchronization

/// Holds the context for new connections, and replaces it when the files have changed.
///
/// Connections keep the context they began with, so a rotation disturbs none of them.
package final class TLSServerContextProvider: Sendable {
    /// What `reload` found.
    package enum Reload: Equatable, Sendable {
        case unchanged
        case replaced
    }

    /// Where the files are.
    package let configuration: TLSServerConfiguration
    private let context: Mutex<TLSServerContext>
    /// The contents of the files the context was made of. Held during a reload, so that of two at the same time the
    /// later one wins; apart from the context, so that new connections never wait for a disk.
    private let digests: Mutex<[[UInt8]]>

    /// Reads the files. Blocks.
    package init(_ configuration: TLSServerConfiguration) throws(TLSError) {
        let files = try TLSServerFiles(configuration)
        self.configuration = configuration
        self.context = Mutex(try TLSServerContext(files))
        self.digests = Mutex(files.digests)
    }

    /// The context for a new connection.
    package var current: TLSServerContext {
        context.withLock { $0 }
    }

    /// Reads the files again and swaps in a new context if any has changed. Blocks.
    ///
    /// After an error the context is what it was. That includes a certificate and a key that do not match because they
    /// are just being replaced one after the other: call again soon.
    @discardableResult
    package func reload() throws(TLSError) -> Reload {
        try digests.withLock { (known) throws(TLSError) -> Reload in
            let files = try TLSServerFiles(configuration)
            let found = files.digests
            if found == known { return .unchanged }
            let replacement = try TLSServerContext(files)
            context.withLock { $0 = replacement }
            known = found
            return .replaced
        }
    }
}
