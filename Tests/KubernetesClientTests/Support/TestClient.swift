import KubernetesClient
import NIOPosix
import TestAPIServer

/// Runs a test with a scripted API server and a client of it.
func withServer(
    token: String = "test-token", _ body: (TestAPIServer, KubernetesClient) async throws -> Void
) async throws {
    let server = try await TestAPIServer()
    let client = try server.client(token: token)
    do {
        try await body(server, client)
    } catch {
        await client.shutDown()
        await server.stop()
        throw error
    }
    await client.shutDown()
    await server.stop()
}

extension TestAPIServer {
    func client(token: String = "test-token", user: String? = nil) throws -> KubernetesClient {
        let path = try kubeconfigFile(token: token, user: user)
        return KubernetesClient(
            try Kubeconfig.load(path: path), eventLoop: MultiThreadedEventLoopGroup.singleton.next(), version: "test")
    }
}

/// The error that a call throws, or nil.
func failure(_ body: () async throws(KubernetesError) -> Void) async -> KubernetesError? {
    do throws(KubernetesError) {
        try await body()
        return nil
    } catch {
        return error
    }
}
