/// Where an API server is, whom to trust there, and who asks.
///
/// Made by `Kubeconfig` or `InCluster`. Neither printing nor dumping shows a secret.
package struct ClientConfiguration: Sendable, CustomStringConvertible, CustomReflectable {
    package let endpoint: ServerEndpoint
    let trust: PEMSource?
    let clientCertificate: PEMSource?
    let clientKey: PEMSource?
    let token: TokenSource?
    /// The namespace of the context, or of the Pod.
    package let namespace: String?
    /// The kubeconfig and its context, or that it is the Pod's own cluster: for people.
    package let origin: String

    init(
        endpoint: ServerEndpoint, trust: PEMSource?, clientCertificate: PEMSource? = nil, clientKey: PEMSource? = nil,
        token: TokenSource? = nil, namespace: String? = nil, origin: String
    ) {
        self.endpoint = endpoint
        self.trust = trust
        self.clientCertificate = clientCertificate
        self.clientKey = clientKey
        self.token = token
        self.namespace = namespace
        self.origin = origin
    }

    package var description: String { "\(origin): \(endpoint)" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// A PEM text, or the file it is in.
enum PEMSource: Sendable {
    case data([UInt8], name: String)
    case file(String)

    var isFile: Bool {
        if case .file = self { true } else { false }
    }

    func read() throws(CredentialFileError) -> [UInt8] {
        switch self {
        case .data(let bytes, _): bytes
        case .file(let path): try CredentialFile.read(path)
        }
    }
}

/// The address of an API server.
package struct ServerEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// A DNS name or an IP address without brackets.
    package let host: String
    package let port: Int
    /// The path that stands before that of every request, as for a proxy; without a slash at its end.
    package let basePath: String
    /// What the server's certificate is made for, where that is not the host (`tls-server-name`).
    package let serverName: String

    package init(host: String, port: Int, basePath: String = "", serverName: String? = nil) {
        self.host = host
        self.port = port
        self.basePath = basePath
        self.serverName = serverName ?? host
    }

    /// The value of the header Host.
    var authority: String {
        let host = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == Self.defaultPort ? host : "\(host):\(port)"
    }

    static let defaultPort = 443

    package var description: String { "https://\(authority)\(basePath)" }
}

/// Why a configuration cannot be used: one line that says what is wrong and where. Quotes no secret.
package struct ClientConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
