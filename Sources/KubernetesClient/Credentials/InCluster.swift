import Glibc

/// What a Pod finds in itself to talk to its own cluster (upstream: `rest.InClusterConfig`).
package enum InCluster {
    private static let directory = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// Whether this process runs in a Pod.
    package static var isAvailable: Bool { variable("KUBERNETES_SERVICE_HOST") != nil }

    /// The service account's token, CA and namespace. The token and the CA are read again as they are replaced.
    package static func configuration() throws(ClientConfigurationError) -> ClientConfiguration {
        try configuration(
            host: variable("KUBERNETES_SERVICE_HOST"), port: variable("KUBERNETES_SERVICE_PORT"), directory: directory)
    }

    static func configuration(
        host: String?, port: String?, directory: String
    ) throws(ClientConfigurationError) -> ClientConfiguration {
        guard let host, let port else {
            throw ClientConfigurationError(
                "this is no Pod: KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set")
        }
        guard let port = UInt16(port), port > 0 else {
            throw ClientConfigurationError("KUBERNETES_SERVICE_PORT is no port: 1 to 65535 is allowed")
        }
        let namespace = try? CredentialFile.read(directory + "/namespace")
        let token = TokenSource(path: directory + "/token")
        do throws(KubernetesError) {
            _ = try token.current()
        } catch {
            throw ClientConfigurationError("\(error); does the Pod mount its service account's token?")
        }
        return ClientConfiguration(
            endpoint: ServerEndpoint(host: host, port: Int(port)), trust: .file(directory + "/ca.crt"), token: token,
            namespace: namespace.map { String(decoding: $0, as: UTF8.self) }, origin: "the cluster of this Pod")
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name) else { return nil }
        let text = String(cString: value)
        return text.isEmpty ? nil : text
    }
}
