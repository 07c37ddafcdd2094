import Foundation
import KubernetesTypes
import NIOCore
import NIOPosix
import TLS
import TestAPIServer
import Testing

@testable import KubernetesClient

/// Files that are replaced while a client runs: its certificate and key, the CA it trusts, and a Pod's token and CA.
@Suite struct CredentialRotationTests {
    private static let nodes = KubernetesRequest(.get, KubernetesResource.nodes.path())

    /// A directory that is gone after the test.
    private final class Directory {
        let path: String

        init() throws {
            path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ name: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name), options: .atomic)
        }

        /// Writes a new client certificate, and its key.
        func issueClient(_ authority: CertificateAuthority) throws {
            let issued = try authority.issueClientCertificate(
                commonName: "webhook", validity: CredentialRotationTests.validity)
            try write("client.crt", issued.certificatePEM)
            try write("client.key", issued.privateKeyPEM)
        }

        /// The user of a kubeconfig who has them.
        var user: String { "{client-certificate: \(path)/client.crt, client-key: \(path)/client.key}" }
    }

    /// A client that looks at its files again for each request, and keeps no connection unless told so.
    private static func client(_ configuration: ClientConfiguration, idle: TimeAmount = .zero) -> KubernetesClient {
        var limits = ConnectionPool.Limits()
        limits.idleTimeout = idle
        return KubernetesClient(
            configuration, eventLoop: MultiThreadedEventLoopGroup.singleton.next(), version: "test", limits: limits,
            filesAge: .zero)
    }

    private static func failureOfRequest(_ client: KubernetesClient) async -> KubernetesError? {
        await failure { () async throws(KubernetesError) in _ = try await client.send(nodes) }
    }

    private static let validity = CertificateAuthority.Validity(
        start: Int64(Date().timeIntervalSince1970) - 60, days: 1)

    @Test func clientCertificateAndKey() async throws {
        let directory = try Directory()
        let (old, new) = (
            try CertificateAuthority(commonName: "old", validity: Self.validity),
            try CertificateAuthority(commonName: "new", validity: Self.validity)
        )
        try directory.write("clients.crt", try new.issued.certificatePEM)
        let server = try await TestAPIServer(clientCAFile: directory.path + "/clients.crt")
        try directory.issueClient(old)
        let client = Self.client(try Kubeconfig.load(path: try server.kubeconfigFile(user: directory.user)))
        #expect(await Self.failureOfRequest(client) != nil)
        try directory.issueClient(new)
        #expect(await Self.failureOfRequest(client) == nil)
        // Half of a change, as a reader between two writes sees it, and a file that is gone: the last good pair serves on.
        try directory.write(
            "client.crt", try old.issueClientCertificate(commonName: "x", validity: Self.validity).certificatePEM)
        #expect(await Self.failureOfRequest(client) == nil)
        try FileManager.default.removeItem(atPath: directory.path + "/client.key")
        #expect(await Self.failureOfRequest(client) == nil)
        try directory.issueClient(old)
        #expect(await Self.failureOfRequest(client) != nil)
        await client.shutDown()
        await server.stop()
    }

    /// A connection that was made with the old certificate is not used again.
    @Test func connectionsAreNotKeptBeyondTheirCertificate() async throws {
        let directory = try Directory()
        let authority = try CertificateAuthority(commonName: "clients", validity: Self.validity)
        try directory.write("clients.crt", try authority.issued.certificatePEM)
        let server = try await TestAPIServer(clientCAFile: directory.path + "/clients.crt")
        try directory.issueClient(authority)
        let client = Self.client(
            try Kubeconfig.load(path: try server.kubeconfigFile(user: directory.user)), idle: .seconds(60))
        for _ in 0..<3 { #expect(await Self.failureOfRequest(client) == nil) }
        #expect(server.connectionCount == 1)
        try directory.issueClient(authority)
        for _ in 0..<3 { #expect(await Self.failureOfRequest(client) == nil) }
        #expect(server.connectionCount == 2)
        await client.shutDown()
        await server.stop()
    }

    @Test func aPodsTokenAndCA() async throws {
        let directory = try Directory()
        let server = try await TestAPIServer()
        let stranger = try CertificateAuthority(commonName: "another", validity: Self.validity)
        try directory.write("ca.crt", try stranger.issued.certificatePEM)
        try directory.write("token", Array("first\n".utf8))
        try directory.write("namespace", Array("webhook".utf8))
        server.accept(tokens: ["first"])
        let configuration = try InCluster.configuration(
            host: "127.0.0.1", port: String(server.port), directory: directory.path)
        #expect(configuration.namespace == "webhook")
        let client = Self.client(configuration)
        guard case .tls = await Self.failureOfRequest(client)?.kind else {
            Issue.record("a server of another CA is not trusted")
            return
        }
        // The CA is replaced, by a bundle of both as in a rotation.
        try directory.write("ca.crt", try stranger.issued.certificatePEM + server.caPEM)
        #expect(await Self.failureOfRequest(client) == nil)
        // The kubelet replaces the token; the server no longer takes the old one.
        try directory.write("token", Array("second".utf8))
        server.accept(tokens: ["second"])
        #expect(await Self.failureOfRequest(client) == nil)
        // For a moment there is none: the last one serves.
        try FileManager.default.removeItem(atPath: directory.path + "/token")
        #expect(await Self.failureOfRequest(client) == nil)
        // Taken away from the bundle, the CA is trusted no longer.
        try directory.write("ca.crt", try stranger.issued.certificatePEM)
        #expect(await Self.failureOfRequest(client) != nil)
        await client.shutDown()
        await server.stop()
    }

    /// Files are read again once a minute, by a clock that nobody sets.
    @Test func readAgainAfterAMinute() async throws {
        let directory = try Directory()
        let server = try await TestAPIServer()
        try directory.write("ca.crt", server.caPEM)
        try directory.write("token", Array("t".utf8))
        let tls = ClientTLS(
            try InCluster.configuration(host: "127.0.0.1", port: String(server.port), directory: directory.path))
        let start = NIODeadline.now()
        let first = try tls.current(at: start)
        let other = try CertificateAuthority(commonName: "another", validity: Self.validity)
        try directory.write("ca.crt", try other.issued.certificatePEM)
        #expect(try tls.current(at: start + .seconds(59)) === first)
        let second = try tls.current(at: start + .seconds(60))
        #expect(second !== first)
        try directory.write("ca.crt", Array("no certificate".utf8))
        #expect(try tls.current(at: start + .seconds(121)) === second)
        await server.stop()
    }
}
