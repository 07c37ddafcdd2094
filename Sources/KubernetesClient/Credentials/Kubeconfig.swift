import Glibc
import KubernetesTypes

/// Finds and reads kubeconfigs as kubectl does (upstream: `client-go/tools/clientcmd`).
///
/// Not supported, each refused by name: plugins (`exec`, `auth-provider`), `insecure-skip-tls-verify`, `proxy-url`, basic
/// authentication, impersonation (`as`), and servers without TLS. Nothing in a kubeconfig can have a program run.
package enum Kubeconfig {
    /// The configuration of a context: of `context`, or else of the current one.
    ///
    /// `path` is that of `--kubeconfig`, the one file that is then read. Without it, all files of `KUBECONFIG` are, in
    /// their order: the first that sets a value or has an entry wins, and files that do not exist are passed over.
    package static func load(
        path: String? = nil, context: String? = nil
    ) throws(ClientConfigurationError) -> ClientConfiguration {
        if let path { return try load(paths: [path], isExplicit: true, context: context) }
        guard let paths = pathsOfEnvironment() else {
            throw ClientConfigurationError("no kubeconfig was given: --kubeconfig FILE, or the variable KUBECONFIG")
        }
        return try load(paths: paths, isExplicit: false, context: context)
    }

    /// As `load`, of a file that has been read already. The path is for messages, and for relative paths in it.
    package static func read(
        _ bytes: [UInt8], path: String, context: String? = nil
    ) throws(ClientConfigurationError) -> ClientConfiguration {
        try configuration(of: try KubeconfigFile(bytes, path: path), context: context, origin: shown([path]))
    }

    /// Whether `KUBECONFIG` is set.
    package static var isInEnvironment: Bool { pathsOfEnvironment() != nil }

    private static func pathsOfEnvironment() -> [String]? {
        guard let value = getenv("KUBECONFIG") else { return nil }
        let paths = String(cString: value).split(separator: ":").map { String($0) }
        return paths.isEmpty ? nil : paths
    }

    static func load(
        paths: [String], isExplicit: Bool, context: String?
    ) throws(ClientConfigurationError) -> ClientConfiguration {
        var merged = KubeconfigFile()
        var found: [String] = []
        for path in paths where !found.contains(path) {
            do throws(CredentialFileError) {
                let bytes = try CredentialFile.read(path)
                found.append(path)
                merged.merge(try readFile(bytes, path))
            } catch {
                if error.isMissing, !isExplicit { continue }
                throw ClientConfigurationError("the kubeconfig cannot be read: \(error.text)")
            }
        }
        guard !found.isEmpty else {
            throw ClientConfigurationError("none of the files of KUBECONFIG exists: \(shown(paths))")
        }
        return try configuration(of: merged, context: context, origin: shown(found))
    }

    private static func readFile(
        _ bytes: [UInt8], _ path: String
    ) throws(CredentialFileError) -> KubeconfigFile {
        do throws(ClientConfigurationError) {
            return try KubeconfigFile(bytes, path: path)
        } catch {
            throw CredentialFileError(path, error.description)
        }
    }

    private static func shown(_ paths: [String]) -> String {
        paths.map(KubeconfigFile.shown).joined(separator: ", ")
    }
}

extension Kubeconfig {
    private static func configuration(
        of file: KubeconfigFile, context wanted: String?, origin: String
    ) throws(ClientConfigurationError) -> ClientConfiguration {
        guard let name = wanted ?? file.currentContext else {
            throw ClientConfigurationError("\(origin): current-context is not set, and no --context was given")
        }
        guard let context = file.contexts[name]?.content else {
            throw ClientConfigurationError("\(origin): there is no context \(quoted(name))")
        }
        guard let cluster = file.clusters[context.cluster] else {
            throw ClientConfigurationError(
                "\(origin): context \(quoted(name)) names the cluster \(quoted(context.cluster)), which is not there")
        }
        // A context without a user asks anonymously.
        guard context.user.isEmpty || file.users[context.user] != nil else {
            throw ClientConfigurationError(
                "\(origin): context \(quoted(name)) names the user \(quoted(context.user)), which is not there")
        }
        let user = file.users[context.user] ?? .init(content: KubeconfigFile.User(), file: "")
        try refuse(cluster.content.refused, "\(origin): cluster \(quoted(context.cluster))")
        try refuse(user.content.refused, "\(origin): user \(quoted(context.user))")
        let place = "\(origin): cluster \(quoted(context.cluster))"
        return ClientConfiguration(
            endpoint: try endpoint(of: cluster.content, place),
            trust: pem(cluster.content.authorityData, cluster.content.authorityFile, cluster.file),
            clientCertificate: pem(user.content.certificateData, user.content.certificateFile, user.file),
            clientKey: try key(of: user, "\(origin): user \(quoted(context.user))"),
            token: try token(of: user), namespace: context.namespace, origin: "\(origin), context \(quoted(name))")
    }

    private static func refuse(_ fields: [String], _ place: String) throws(ClientConfigurationError) {
        if let field = fields.first {
            throw ClientConfigurationError("\(place) has \(field), \(reason(against: field))")
        }
    }

    private static func quoted(_ name: String) -> String { "\"\(PrintableText.escaped(name))\"" }

    private static func reason(against field: String) -> String {
        switch field {
        case "exec", "auth-provider":
            "a plugin that this program does not run: use a token, a tokenFile or a client certificate"
        case "insecure-skip-tls-verify":
            "with which anybody could pose as the API server: use certificate-authority-data"
        case "proxy-url": "which is not supported: the API server must be reachable directly"
        case "username": "but API servers no longer have basic authentication: use a token or a client certificate"
        default: "which is not supported: use the user's own credentials"
        }
    }

    private static func endpoint(
        of cluster: KubeconfigFile.Cluster, _ place: String
    ) throws(ClientConfigurationError) -> ServerEndpoint {
        guard let server = cluster.server else { throw ClientConfigurationError("\(place) has no server") }
        return try server.withText { text throws(ClientConfigurationError) -> ServerEndpoint in
            let url: URLSyntax
            do throws(URLError) {
                url = try URLSyntax(text)
            } catch {
                throw ClientConfigurationError("\(place): server \(error)")
            }
            guard url.scheme == .https else {
                throw ClientConfigurationError("\(place): server has no TLS; an https URL is allowed")
            }
            guard !url.hasUserInfo else {
                throw ClientConfigurationError("\(place): server has a user name, which belongs into users")
            }
            let path = pathOfURL(server)
            guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x3F && $0 != 0x23 }) else {
                throw ClientConfigurationError("\(place): server has a query or a fragment")
            }
            return ServerEndpoint(
                host: String(url.host), port: url.port.map { Int($0) } ?? ServerEndpoint.defaultPort, basePath: path,
                serverName: cluster.serverName)
        }
    }

    /// What follows the authority of a URL that is known to be one, without slashes at its end.
    private static func pathOfURL(_ url: String) -> String {
        var rest = url.utf8[...]
        for _ in 0..<2 {
            // Those of `https://`.
            guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return "" }
            rest = rest[rest.index(after: slash)...]
        }
        guard let start = rest.firstIndex(where: { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 }) else { return "" }
        var path = rest[start...]
        while path.last == UInt8(ascii: "/") { path = path.dropLast() }
        return String(path) ?? ""
    }

    private static func pem(_ data: [UInt8]?, _ path: String?, _ file: String) -> PEMSource? {
        if let data { return .data(data, name: file) }
        return path.map { .file(CredentialFile.resolve($0, besides: file)) }
    }

    private static func key(
        of user: KubeconfigFile.Entry<KubeconfigFile.User>, _ place: String
    ) throws(ClientConfigurationError) -> PEMSource? {
        let key = pem(user.content.keyData, user.content.keyFile, user.file)
        let hasCertificate = user.content.certificateData != nil || user.content.certificateFile != nil
        guard hasCertificate == (key != nil) else {
            let (has, lacks) = key == nil ? ("certificate", "key") : ("key", "certificate")
            throw ClientConfigurationError("\(place) has a client \(has) and no client \(lacks)")
        }
        return key
    }

    /// A file comes before a token of the kubeconfig itself, which serves until the file can be read.
    private static func token(
        of user: KubeconfigFile.Entry<KubeconfigFile.User>
    ) throws(ClientConfigurationError) -> TokenSource? {
        if let path = user.content.tokenFile {
            return TokenSource(path: CredentialFile.resolve(path, besides: user.file), fallback: user.content.token)
        }
        return try user.content.token.map { token throws(ClientConfigurationError) in try TokenSource(token: token) }
    }
}
