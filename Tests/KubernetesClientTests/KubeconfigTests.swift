import Foundation
@testable import KubernetesClient
import NIOPosix
import TestAPIServer
import Testing

@Suite struct KubeconfigTests {
    private final class Files {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("kubeconfig-\(UUID().uuidString)")

        init() throws { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(at: directory) }

        func write(_ name: String, _ text: String) throws -> String {
            let url = directory.appendingPathComponent(name)
            try Data(text.utf8).write(to: url)
            return url.path
        }
    }

    private static func text(
        cluster: String = "server: https://example.com:6443", user: String = "token: abc", current: String? = "one"
    ) -> String {
        """
        \(current.map { "current-context: \($0)" } ?? "")
        clusters: [{name: c, cluster: {\(cluster)}}]
        users: [{name: u, user: {\(user)}}]
        contexts: [{name: one, context: {cluster: c, user: u, namespace: ns}}]
        """
    }

    private static func load(_ text: String, context: String? = nil) throws -> ClientConfiguration {
        let files = try Files()
        return try Kubeconfig.load(path: try files.write("config", text), context: context)
    }

    @Test func aKubeconfigIsRead() throws {
        let configuration = try Self.load(Self.text())
        #expect(configuration.endpoint == ServerEndpoint(host: "example.com", port: 6443))
        #expect(try configuration.token?.current() == "abc")
        #expect(configuration.namespace == "ns")
    }

    @Test(arguments: [
        ("server: https://example.com", "https://example.com"),
        ("server: https://example.com/", "https://example.com"),
        ("server: 'https://[2001:db8::1]:8443/k8s/clusters/c-1/'", "https://[2001:db8::1]:8443/k8s/clusters/c-1"),
        ("server: https://10.0.0.1:6443, tls-server-name: kubernetes", "https://10.0.0.1:6443"),
    ]) func serversAreRead(_ cluster: String, _ expected: String) throws {
        let endpoint = try Self.load(Self.text(cluster: cluster)).endpoint
        #expect(endpoint.description == expected)
        #expect(endpoint.serverName == (cluster.contains("tls-server-name") ? "kubernetes" : endpoint.host))
    }

    @Test(arguments: [
        ("", "current-context is not set"),
        ("- 1", "no mapping"),
        ("a: [", "no YAML"),
        ("\u{0}\u{1}\u{2}", "no YAML"),
        ("clusters: 1", "clusters is an integer"),
        ("clusters: [{cluster: {}}]", "clusters[0].name is not set"),
        ("users: [{name: u, user: {token: [secret-token]}}]", "users[0].user.token is an array"),
        ("users: [{name: u, user: {client-key-data: 'secret-key!'}}]", "client-key-data is not base64"),
        ("clusters: [{name: a, cluster: {}}, {name: a, cluster: {}}]", "\"a\" twice"),
        (text(current: nil), "current-context is not set"),
        (text(current: "two"), "no context \"two\""),
        (text().replacingOccurrences(of: "cluster: c,", with: "cluster: d,"), "the cluster \"d\""),
        (text().replacingOccurrences(of: "user: u,", with: "user: v,"), "the user \"v\""),
        (text(cluster: "server: ''"), "no server"),
        (text(cluster: "server: http://example.com"), "has no TLS"),
        (text(cluster: "server: example.com:6443"), "https"),
        (text(cluster: "server: https://me:secret@example.com"), "user name"),
        (text(cluster: "server: 'https://example.com/?x'"), "query"),
        (text(cluster: "server: https://e.com, insecure-skip-tls-verify: true"), "insecure-skip-tls-verify"),
        (text(cluster: "server: https://e.com, proxy-url: http://p"), "proxy-url"),
        (text(user: "exec: {command: aws, args: [secret]}"), "exec, a plugin"),
        (text(user: "auth-provider: {name: gcp}"), "auth-provider, a plugin"),
        (text(user: "username: me, password: secret"), "basic authentication"),
        (text(user: "token: abc, as: root"), "as, which"),
        (text(user: "token: 'a secret'"), "no header can hold"),
        (text(user: "client-certificate-data: YQ=="), "no client key"),
        (text(user: "client-key: key.pem"), "no client certificate"),
    ]) func whatCannotBeUsedIsSaid(_ text: String, _ expected: String) throws {
        do {
            _ = try Self.load(text)
            Issue.record("nothing was thrown")
        } catch let error as ClientConfigurationError {
            #expect(error.description.contains(expected), "\(error)")
            #expect(!error.description.contains("secret") && !error.description.contains("\n"), "\(error)")
        }
    }

    /// As `clientcmd`: the first file that has a value or an entry wins, whole entries of it; missing files are passed over.
    @Test func severalFilesAreMerged() throws {
        let files = try Files()
        let first = try files.write(
            "first",
            """
            contexts: [{name: one, context: {cluster: c, user: u}}]
            users: [{name: u, user: {tokenFile: token}}]
            """)
        let second = try files.write(
            "second",
            """
            current-context: one
            clusters: [{name: c, cluster: {server: 'https://second.example.com', certificate-authority: ca.crt}}]
            users: [{name: u, user: {token: second}}]
            """)
        let third = try files.write("third", Self.text(current: "other"))
        _ = try files.write("token", "first\n")
        let missing = files.directory.path + "/missing"
        let configuration = try Kubeconfig.load(
            paths: [first, missing, second, first, third], isExplicit: false, context: nil)
        #expect(configuration.endpoint.host == "second.example.com")
        #expect(try configuration.token?.current() == "first")
        guard case .file(let path) = configuration.trust else {
            Issue.record("no file")
            return
        }
        #expect(path == files.directory.path + "/ca.crt")
        #expect(throws: ClientConfigurationError.self) {
            _ = try Kubeconfig.load(paths: [missing], isExplicit: false, context: nil)
        }
        #expect(throws: ClientConfigurationError.self) { _ = try Kubeconfig.load(path: missing) }
    }

    @Test func aTokenThatRotatesIsReadAgain() async throws {
        let files = try Files()
        let path = try files.write("token", "old")
        let server = try await TestAPIServer()
        server.accept(tokens: ["old"])
        let client = try server.client(user: "{tokenFile: \(path)}")
        _ = try await client.list(.nodes) { _ in }
        // The old one is refused, and the new one is in the file: nobody notices.
        _ = try files.write("token", "new\n")
        server.accept(tokens: ["new"])
        _ = try await client.list(.nodes) { _ in }
        // Neither is good, nor is there another one.
        server.accept(tokens: [])
        let error = await failure { () async throws(KubernetesError) in _ = try await client.list(.nodes) { _ in } }
        #expect(error?.status?.code == 401)
        await client.shutDown()
        await server.stop()
    }

    @Test func aPodFindsItsCluster() throws {
        let files = try Files()
        let directory = files.directory.path
        #expect(throws: ClientConfigurationError.self) {
            _ = try InCluster.configuration(host: "10.0.0.1", port: "443", directory: directory)
        }
        _ = try files.write("token", "abc")
        _ = try files.write("namespace", "webhook")
        let configuration = try InCluster.configuration(host: "fd00::1", port: "443", directory: directory)
        #expect(configuration.endpoint.description == "https://[fd00::1]")
        #expect(configuration.namespace == "webhook")
        #expect(throws: ClientConfigurationError.self) {
            _ = try InCluster.configuration(host: nil, port: "443", directory: directory)
        }
        #expect(throws: ClientConfigurationError.self) {
            _ = try InCluster.configuration(host: "10.0.0.1", port: "0", directory: directory)
        }
    }

    @Test func anUnknownAuthorityAndAnotherNameAreRefused() async throws {
        let server = try await TestAPIServer()
        let other = try await TestAPIServer()
        let wrongAuthority = server.kubeconfig().replacingOccurrences(
            of: Data(server.caPEM).base64EncodedString(), with: Data(other.caPEM).base64EncodedString())
        let wrongName = server.kubeconfig().replacingOccurrences(
            of: "    certificate-authority-data",
            with: "    tls-server-name: example.com\n    certificate-authority-data")
        for text in [wrongAuthority, wrongName] {
            let client = KubernetesClient(
                try Self.load(text), eventLoop: MultiThreadedEventLoopGroup.singleton.next(), version: "test")
            let error = await failure { () async throws(KubernetesError) in _ = try await client.list(.nodes) { _ in } }
            guard case .tls(let reason) = error?.kind else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(reason.contains("certificate"), "\(reason)")
            await client.shutDown()
        }
        await server.stop()
        await other.stop()
    }
}
