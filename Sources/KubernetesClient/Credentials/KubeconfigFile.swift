import Documents
import KubernetesTypes

/// One kubeconfig file as it stands (upstream: `client-go/tools/clientcmd/api/v1.Config`), or several of them merged.
struct KubeconfigFile {
    struct Cluster: Equatable {
        var server: String?
        var serverName: String?
        var authorityFile: String?
        var authorityData: [UInt8]?
        /// Fields that are set and that this client refuses.
        var refused: [String] = []
    }

    struct User: Equatable {
        var token: String?
        var tokenFile: String?
        var certificateFile: String?
        var certificateData: [UInt8]?
        var keyFile: String?
        var keyData: [UInt8]?
        /// Fields that are set and that this client refuses.
        var refused: [String] = []
    }

    struct Context: Equatable {
        var cluster = ""
        var user = ""
        var namespace: String?
    }

    /// An entry of a list, with the file it came from.
    struct Entry<Content> {
        let content: Content
        let file: String
    }

    private(set) var clusters: [String: Entry<Cluster>] = [:]
    private(set) var users: [String: Entry<User>] = [:]
    private(set) var contexts: [String: Entry<Context>] = [:]
    private(set) var currentContext: String?

    init() {}

    /// Reads a file's text; the path is for messages, and what relative paths in it are relative to.
    init(_ bytes: [UInt8], path: String) throws(ClientConfigurationError) {
        let result = bytes.withUnsafeBytes { bytes -> Result<KubeconfigFile, ClientConfigurationError> in
            let reader = YAMLDocumentReader()
            reader.open(bytes)
            let root: Value?
            do throws(DocumentError) {
                root = try reader.next()?.root
            } catch {
                // The place alone: the message could quote a token.
                let place = "line \(error.position.line), column \(error.position.column)"
                return .failure(ClientConfigurationError("\(Self.shown(path)) is no YAML: \(place)"))
            }
            // An empty file is an empty kubeconfig, as `kubectl config` leaves one.
            guard let root, !root.isNull else { return .success(KubeconfigFile()) }
            guard root.isObject else {
                return .failure(ClientConfigurationError("\(Self.shown(path)) is no kubeconfig: it is no mapping"))
            }
            do throws(ClientConfigurationError) {
                var file = KubeconfigFile()
                try file.decode(root, path)
                return .success(file)
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    /// Adds what another file has: what is there already stays, whole entries of it.
    mutating func merge(_ other: KubeconfigFile) {
        if currentContext == nil { currentContext = other.currentContext }
        clusters.merge(other.clusters) { first, _ in first }
        users.merge(other.users) { first, _ in first }
        contexts.merge(other.contexts) { first, _ in first }
    }

    static func shown(_ path: String) -> String { PrintableText.escaped(path, limit: .max) }

    private mutating func decode(_ root: Value, _ path: String) throws(ClientConfigurationError) {
        var decoding = KubeconfigDecoding(path: path)
        currentContext = try decoding.text(root["current-context"], "current-context")
        clusters = try decoding.entries(root, "clusters", "cluster") {
            (value, decoding) throws(ClientConfigurationError) in try Cluster(value, &decoding)
        }
        users = try decoding.entries(root, "users", "user") {
            (value, decoding) throws(ClientConfigurationError) in try User(value, &decoding)
        }
        contexts = try decoding.entries(root, "contexts", "context") {
            (value, decoding) throws(ClientConfigurationError) in try Context(value, &decoding)
        }
    }
}

extension KubeconfigFile.Cluster {
    fileprivate init(_ value: Value, _ decoding: inout KubeconfigDecoding) throws(ClientConfigurationError) {
        server = try decoding.text(value["server"], "server")
        serverName = try decoding.text(value["tls-server-name"], "tls-server-name")
        authorityFile = try decoding.text(value["certificate-authority"], "certificate-authority")
        authorityData = try decoding.data(value["certificate-authority-data"], "certificate-authority-data")
        if value["insecure-skip-tls-verify"]?.bool == true { refused.append("insecure-skip-tls-verify") }
        if try decoding.text(value["proxy-url"], "proxy-url") != nil { refused.append("proxy-url") }
    }
}

extension KubeconfigFile.User {
    fileprivate init(_ value: Value, _ decoding: inout KubeconfigDecoding) throws(ClientConfigurationError) {
        token = try decoding.text(value["token"], "token")
        tokenFile = try decoding.text(value["tokenFile"], "tokenFile")
        certificateFile = try decoding.text(value["client-certificate"], "client-certificate")
        certificateData = try decoding.data(value["client-certificate-data"], "client-certificate-data")
        keyFile = try decoding.text(value["client-key"], "client-key")
        keyData = try decoding.data(value["client-key-data"], "client-key-data")
        for field in ["exec", "auth-provider", "username", "as"] {
            guard let value = value[key: field], !value.isNull, value.text.map({ !$0.isEmpty }) ?? true else {
                continue
            }
            refused.append(field)
        }
    }
}

extension KubeconfigFile.Context {
    fileprivate init(_ value: Value, _ decoding: inout KubeconfigDecoding) throws(ClientConfigurationError) {
        cluster = try decoding.text(value["cluster"], "cluster") ?? ""
        user = try decoding.text(value["user"], "user") ?? ""
        namespace = try decoding.text(value["namespace"], "namespace")
    }
}

/// Reads fields, and says where one of a wrong type stands; never what it holds.
private struct KubeconfigDecoding {
    let path: String
    private var place = ""

    init(path: String) { self.path = path }

    private func fail(_ field: String, _ problem: String) -> ClientConfigurationError {
        ClientConfigurationError("\(KubeconfigFile.shown(path)): \(place)\(field) \(problem)")
    }

    /// A string; an empty one is none, as for clientcmd.
    func text(_ value: Value?, _ field: String) throws(ClientConfigurationError) -> String? {
        guard let value, !value.isNull else { return nil }
        guard let text = value.text else { throw fail(field, "is \(value.kind.phrase), a string is allowed") }
        return text.isEmpty ? nil : String(text)
    }

    func data(_ value: Value?, _ field: String) throws(ClientConfigurationError) -> [UInt8]? {
        guard let text = try text(value, field) else { return nil }
        guard let bytes = try? Base64.decode(text) else { throw fail(field, "is not base64") }
        return bytes.isEmpty ? nil : bytes
    }

    mutating func entries<Content>(
        _ root: Value, _ list: String, _ field: StaticString,
        _ decode: (Value, inout KubeconfigDecoding) throws(ClientConfigurationError) -> Content
    ) throws(ClientConfigurationError) -> [String: KubeconfigFile.Entry<Content>] {
        guard let value = root[key: list], !value.isNull else { return [:] }
        guard value.isArray else { throw fail(list, "is \(value.kind.phrase), a list is allowed") }
        var entries: [String: KubeconfigFile.Entry<Content>] = [:]
        for (index, element) in value.elements.enumerated() {
            place = "\(list)[\(index)]."
            guard element.isObject, let name = try text(element["name"], "name") else {
                throw fail("name", "is not set")
            }
            guard let value = element[field], value.isObject else { throw fail("\(field)", "is no mapping") }
            place += "\(field)."
            let content = try decode(value, &self)
            guard entries.updateValue(.init(content: content, file: path), forKey: name) == nil else {
                throw ClientConfigurationError(
                    "\(KubeconfigFile.shown(path)): \(list) has the name \"\(PrintableText.escaped(name))\" twice")
            }
        }
        place = ""
        return entries
    }
}
