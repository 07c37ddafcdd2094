import KubernetesTypes
import NIOCore
import NIOPosix
import TestAPIServer
import TestSupport
import Testing

@testable import KubernetesClient

/// The limits of the connection pool.
@Suite struct PoolLimitTests {
    private static let nodes = KubernetesRequest(.get, KubernetesResource.nodes.path())
    /// What a sanitizer makes of a thousand tasks.
    private static let slowness: Int64 = Sanitizer.isThere ? 5 : 1

    private static func withClient(
        _ limits: ConnectionPool.Limits, _ body: (TestAPIServer, KubernetesClient) async throws -> Void
    ) async throws {
        let server = try await TestAPIServer()
        let client = KubernetesClient(
            try Kubeconfig.load(path: try server.kubeconfigFile()),
            eventLoop: MultiThreadedEventLoopGroup.singleton.next(), version: "test", limits: limits)
        try await body(server, client)
        await client.shutDown()
        await server.stop()
    }

    @Test func aConnectionThatNobodyUsesIsClosed() async throws {
        var limits = ConnectionPool.Limits()
        #expect(limits.idleTimeout == .seconds(90))
        limits.idleTimeout = .milliseconds(150)
        try await Self.withClient(limits) { server, client in
            _ = try await client.send(Self.nodes)
            #expect(server.openConnections == 1)
            // Use starts the time anew.
            for _ in 0..<4 {
                try await Task.sleep(for: .milliseconds(50))
                _ = try await client.send(Self.nodes)
            }
            try await ReflectorTests.eventually { server.openConnections == 0 }
            _ = try await client.send(Self.nodes)
        }
    }

    /// So many wait, and one more is refused at once; those that wait are served when there is room.
    @Test func soManyWait() async throws {
        let limits = ConnectionPool.Limits()
        #expect(limits.waiting == 1_024 && limits.connections == 8)
        try await Self.withClient(limits) { server, client in
            server.setFault { _ in .delayed(milliseconds: 3_000 * Self.slowness) }
            let all = limits.connections + limits.waiting
            let results = await withTaskGroup(of: KubernetesError?.self) { tasks in
                for _ in 0..<limits.connections { tasks.addTask { await Self.failure(client) } }
                // Until these have their connections.
                for _ in 0..<1_000 where server.requests.count < limits.connections {
                    try? await Task.sleep(for: .milliseconds(2))
                }
                for _ in 0..<limits.waiting { tasks.addTask { await Self.failure(client) } }
                try? await Task.sleep(for: .milliseconds(500 * Self.slowness))
                server.setFault(nil)
                let start = ContinuousClock.now
                #expect(await Self.failure(client)?.kind == .overloaded)
                #expect(ContinuousClock.now - start < .seconds(Self.slowness))
                var results: [KubernetesError?] = []
                for await result in tasks { results.append(result) }
                return results
            }
            #expect(results.count == all && results.allSatisfy { $0 == nil })
            #expect(server.openConnections <= limits.connections)
        }
    }

    private static func failure(_ client: KubernetesClient) async -> KubernetesError? {
        do throws(KubernetesError) {
            var request = nodes
            request.timeout = .seconds(60 * Self.slowness)
            _ = try await client.send(request)
            return nil
        } catch {
            return error
        }
    }
}
