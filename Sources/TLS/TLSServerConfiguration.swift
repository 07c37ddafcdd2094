/// The files a server's TLS is made of, all of them PEM.
package struct TLSServerConfiguration: Equatable, Sendable {
    /// The server's certificate first, then the intermediates up to the root, which may be left out.
    package var certificateChainFile: String
    /// The private key of the first certificate, without a pass phrase.
    package var privateKeyFile: String
    /// Trust anchors for client certificates. If given, every client must present a certificate that verifies.
    package var clientCAFile: String?

    package init(certificateChainFile: String, privateKeyFile: String, clientCAFile: String? = nil) {
        self.certificateChainFile = certificateChainFile
        self.privateKeyFile = privateKeyFile
        self.clientCAFile = clientCAFile
    }
}

/// The contents of the configured files, all read at about the same time.
struct TLSServerFiles {
    let certificateChain: FileContents
    let privateKey: FileContents
    let clientCA: FileContents?

    /// Reads the files. Blocks.
    init(_ configuration: TLSServerConfiguration) throws(TLSError) {
        certificateChain = try FileContents.read(configuration.certificateChainFile)
        privateKey = try FileContents.read(configuration.privateKeyFile)
        if let path = configuration.clientCAFile {
            clientCA = try FileContents.read(path)
        } else {
            clientCA = nil
        }
    }

    /// Equal for equal contents.
    var digests: [[UInt8]] {
        [certificateChain.digest, privateKey.digest, clientCA?.digest ?? []]
    }
}
