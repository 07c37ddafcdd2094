import Dispatch
import Foundation
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
        _ limits: ConnectionPool.Limits, on eventLoop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next(),
        _ body: (TestAPIServer, KubernetesClient) async throws -> Void
    ) async throws {
        let server = try await TestAPIServer()
        let client = KubernetesClient(
            try Kubeconfig.load(path: try server.kubeconfigFile()), eventLoop: eventLoop, version: "test",
            limits: limits)
        try await body(server, client)
        await client.shutDown()
        await server.stop()
    }

    @Test func aConnectionThatNobodyUsesIsClosed() async throws {
        var limits = ConnectionPool.Limits()
        #expect(limits.idleTimeout == .seconds(60))
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

    /// A connection's time may end in the very turn of the event loop in which a request gets it: here the loop is busy when
    /// both fall due.
    @Test func aConnectionIsNotClosedUnderTheRequestThatHasJustGotIt() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.next()
        var limits = ConnectionPool.Limits()
        limits.idleTimeout = .milliseconds(100)
        var request = Self.nodes
        request.timeout = .seconds(5 * Self.slowness)
        try await Self.withClient(limits, on: eventLoop) { [request] server, client in
            _ = try await client.send(request)
            let isAsked = DispatchSemaphore(value: 0)
            await withCheckedContinuation { isBusy in
                eventLoop.execute {
                    isBusy.resume()
                    isAsked.wait()
                }
            }
            async let answer = client.send(request)
            try await Task.sleep(for: .milliseconds(200))
            isAsked.signal()
            #expect(try await answer.status == 200)
            #expect(server.requests.count == 2)
        }
        try await group.shutdownGracefully()
    }

    /// The kernel asks a silent peer for a sign of life, on a watch's connection as on the others.
    @Test func aSilentPeerIsAskedForASignOfLife() async throws {
        let limits = ConnectionPool.Limits()
        #expect(limits.keepaliveTime + limits.keepaliveInterval * Int64(limits.keepaliveProbes) == .seconds(60))
        try await Self.withClient(limits) { server, client in
            let list = try await client.list(.nodes) { _ in }
            let watching = Task {
                let options = WatchOptions(resourceVersion: list.resourceVersion)
                try? await client.watch(.nodes, options: options, observer: RecordingObserver())
            }
            try await ReflectorTests.eventually { server.openWatches == 1 }
            // The client's sockets of this server; "02" is the timer that waits for the end of a silence, and behind it are
            // the hundredths of a second that are left.
            let peer = " 0100007F:" + String(server.port, radix: 16, uppercase: true) + " 01 "
            try await ReflectorTests.eventually {
                // Its size is 0, by which `String(contentsOfFile:)` reads but a part.
                let table = FileHandle(forReadingAtPath: "/proc/net/tcp")?.readDataToEndOfFile() ?? Data()
                let sockets = String(decoding: table, as: UTF8.self).split(separator: "\n")
                let waiting = sockets.filter { $0.contains(peer) }.map { socket in
                    let timer = socket.split(separator: " ")[5].split(separator: ":")
                    return timer[0] == "02" && (1...3_000).contains(Int(timer[1], radix: 16) ?? 0)
                }
                return waiting == [true, true]
            }
            watching.cancel()
            await watching.value
        }
    }

    /// Where the API server's machine is gone, the first request that finds out closes the connections that are as old.
    @Test func aRequestThatTimesOutClosesTheOthersToo() async throws {
        try await Self.withClient(ConnectionPool.Limits()) { server, client in
            server.setFault { _ in .delayed(milliseconds: 1_000 * Self.slowness) }
            async let first = client.send(Self.nodes)
            async let second = client.send(Self.nodes)
            _ = try await (first, second)
            #expect(server.openConnections == 2)
            server.setFault { _ in .delayed(milliseconds: 60_000) }
            var request = Self.nodes
            request.timeout = .milliseconds(200)
            do throws(KubernetesError) {
                _ = try await client.send(request)
                Issue.record("it was answered")
            } catch {
                #expect(error.kind == .timedOut)
            }
            try await ReflectorTests.eventually { server.openConnections == 0 }
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
