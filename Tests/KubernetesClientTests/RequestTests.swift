import KubernetesClient
import KubernetesTypes
import NIOCore
import TestAPIServer
import Testing

@Suite struct RequestTests {
    private static let lease = ObjectName(namespace: "webhook", name: "node-class-1")

    private static func leaseBody(holder: String, version: String? = nil) -> [UInt8] {
        let version = version.map { #","resourceVersion":"\#($0)""# } ?? ""
        return Array(
            #"{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"node-class-1"\#(version)},"#
                .utf8)
            + Array(#""spec":{"holderIdentity":"\#(holder)"}}"#.utf8)
    }

    private static func version(_ response: KubernetesResponse) throws -> String {
        try response.decode { $0["metadata"]?["resourceVersion"]?.text.map { String($0) } ?? "" }
    }

    @Test func anObjectLivesAndDies() async throws {
        try await withServer { server, client in
            let created = try await client.send(
                .create(.leases, namespace: "webhook", Self.leaseBody(holder: "a")))
            #expect(created.status == 201)
            let first = try Self.version(created)
            let again = await failure { () async throws(KubernetesError) in
                _ = try await client.send(.create(.leases, namespace: "webhook", Self.leaseBody(holder: "b")))
            }
            #expect(again?.isAlreadyExists == true)
            #expect(again?.isConflict == false)
            #expect(again?.isOutcomeUnknown == false)

            let replaced = try await client.send(
                .replace(.leases, Self.lease, Self.leaseBody(holder: "b", version: first)))
            let second = try Self.version(replaced)
            #expect(second != first)
            let stale = await failure { () async throws(KubernetesError) in
                _ = try await client.send(.replace(.leases, Self.lease, Self.leaseBody(holder: "c", version: first)))
            }
            #expect(stale?.isConflict == true)
            // A PUT that changes nothing changes no resourceVersion.
            let same = try await client.send(
                .replace(.leases, Self.lease, Self.leaseBody(holder: "b", version: second)))
            #expect(try Self.version(same) == second)

            let patched = try await client.send(
                .patch(.leases, Self.lease, .mergePatch, Array(#"{"spec":{"holderIdentity":"d"}}"#.utf8)))
            let third = try Self.version(patched)
            let refused = await failure { () async throws(KubernetesError) in
                _ = try await client.send(.delete(.leases, Self.lease, Preconditions(resourceVersion: second)))
            }
            #expect(refused?.isConflict == true)
            let otherUID = await failure { () async throws(KubernetesError) in
                _ = try await client.send(.delete(.leases, Self.lease, Preconditions(uid: "x", resourceVersion: third)))
            }
            #expect(otherUID?.isConflict == true)
            _ = try await client.send(.delete(.leases, Self.lease, Preconditions(resourceVersion: third)))
            let gone = await failure { () async throws(KubernetesError) in
                _ = try await client.send(.get(.leases, Self.lease))
            }
            #expect(gone?.isNotFound == true)
            #expect(gone?.status?.reason == "NotFound")
            #expect(gone?.description == #"the API server answered 404 NotFound: leases "node-class-1" not found"#)
        }
    }

    @Test(arguments: [
        (APIFault.status(401, reason: "Unauthorized"), 401, false),
        (.status(403, reason: "Forbidden"), 403, false),
        (.status(429, reason: "TooManyRequests", retryAfterSeconds: 3), 429, false),
        (.status(500, reason: "InternalError"), 500, true),
        (.status(503, reason: "ServiceUnavailable"), 503, false),
        (.status(504, reason: "Timeout"), 504, true),
        (.answer(302, headers: ["Location": "https://127.0.0.1:1/"]), 302, false),
        (.answer(502, body: "<html>a secret</html>"), 502, true),
        (.answer(429, headers: ["Retry-After": "7"], body: "slow down"), 429, false),
    ]) func whatTheServerRefusesIsAnError(_ fault: APIFault, _ code: Int, _ isUnknown: Bool) async throws {
        try await withServer { server, client in
            server.setFault { _ in fault }
            let error = await failure { () async throws(KubernetesError) in
                _ = try await client.send(.create(.leases, namespace: "webhook", Self.leaseBody(holder: "a")))
            }
            #expect(error?.status?.code == code)
            #expect(error?.isOutcomeUnknown == isUnknown)
            #expect(error?.description.contains("secret") == false)
            if code == 429 { #expect([3, 7].contains(error?.status?.retryAfterSeconds)) }
            // One request each: nothing is repeated, no redirect followed.
            #expect(server.requests.count == 1)
        }
    }

    @Test(arguments: [
        APIFault.close, .executeAndClose, .truncated(10), .hang, .slow(bytes: 1, milliseconds: 200),
        .answer(200, headers: ["Content-Encoding": "gzip"], body: "x"),
    ]) func aLostAnswerLeavesTheOutcomeUnknown(_ fault: APIFault) async throws {
        try await withServer { server, client in
            server.setFault { _ in fault }
            var request = KubernetesRequest.create(.leases, namespace: "webhook", Self.leaseBody(holder: "a"))
            request.timeout = .milliseconds(700)
            let error = await failure { [request] () async throws(KubernetesError) in _ = try await client.send(request)
            }
            #expect(error != nil)
            #expect(error?.status == nil)
            #expect(error?.isOutcomeUnknown == true)
            #expect(server.requests.count == 1)
        }
    }

    @Test func nothingWrittenIsKnownNotToHaveHappened() async throws {
        try await withServer { server, client in
            await server.stop()
            let error = await failure { () async throws(KubernetesError) in
                _ = try await client.send(.create(.leases, namespace: "webhook", Self.leaseBody(holder: "a")))
            }
            guard case .connection = error?.kind else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(error?.isOutcomeUnknown == false)
        }
    }

    @Test func connectionsAreReusedAndAReadSurvivesOneThatWasClosed() async throws {
        try await withServer { server, client in
            _ = try await client.send(.create(.leases, namespace: "webhook", Self.leaseBody(holder: "a")))
            for _ in 0..<5 { _ = try await client.send(.get(.leases, Self.lease)) }
            #expect(server.openConnections == 1)
            // Closed by the server when the request comes, as an idle timeout there would.
            let isFirst = Flag()
            server.setFault { _ in isFirst.take() ? .close : nil }
            _ = try await client.send(.get(.leases, Self.lease))
            #expect(server.requests.count == 8)
        }
    }

    /// A request that has arrived, and that the server does not answer.
    private static func waitInVain(
        _ client: KubernetesClient, _ server: TestAPIServer
    ) async throws -> Task<KubernetesError?, Never> {
        server.setFault { _ in .hang }
        let task = Task {
            await failure { () async throws(KubernetesError) in
                _ = try await client.send(.get(.leases, Self.lease))
            }
        }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        return task
    }

    @Test func aCancelledTaskEndsAtOnce() async throws {
        try await withServer { server, client in
            let task = try await Self.waitInVain(client, server)
            let start = ContinuousClock.now
            task.cancel()
            #expect(await task.value?.kind == .cancelled)
            #expect(ContinuousClock.now - start < .seconds(2))
        }
    }

    @Test func manyRequestsShareAFewConnections() async throws {
        try await withServer { server, client in
            server.setFault { _ in .delayed(milliseconds: 20) }
            try await withThrowingTaskGroup(of: Int.self) { group in
                for index in 0..<60 {
                    group.addTask {
                        let body = Array(#"{"metadata":{"name":"lease-\#(index)"}}"#.utf8)
                        return try await client.send(.create(.leases, namespace: "webhook", body)).status
                    }
                }
                for try await status in group { #expect(status == 201) }
            }
            #expect(server.openConnections <= 8)
            #expect(server.names(of: .leases("webhook")).count == 60)
        }
    }

    @Test func aClientThatWasShutDownSaysSo() async throws {
        try await withServer { server, client in
            let task = try await Self.waitInVain(client, server)
            await client.shutDown()
            #expect(await task.value?.kind == .shutDown)
            let later = await failure { () async throws(KubernetesError) in
                _ = try await client.send(.get(.leases, Self.lease))
            }
            #expect(later?.kind == .shutDown)
        }
    }

    @Test func namesCannotAddToAPath() {
        let object = ObjectName(namespace: "a/b", name: "../x?y=%41")
        #expect(
            KubernetesResource.secrets.path(object) == "/api/v1/namespaces/a%2Fb/secrets/..%2Fx%3Fy%3D%2541")
        #expect(KubernetesResource.nodes.path(ObjectName(namespace: "", name: "..")) == "/api/v1/nodes/%2E%2E")
        #expect(
            KubernetesResource.regions.path(namespace: nil) == "/apis/region.unikorn-cloud.org/v1alpha1/regions")
    }

    @Test func theTokenOfTheRequestIsInNoMessage() async throws {
        try await withServer(token: "a-very-secret-token") { server, client in
            let echo = #"{"kind":"Status","message":"bad header: Bearer a-very-secret-token","reason":"BadRequest"}"#
            server.setFault { _ in .answer(400, body: echo) }
            let error = await failure { () async throws(KubernetesError) in
                _ = try await client.send(.get(.leases, Self.lease))
            }
            #expect(error?.status?.reason == "BadRequest")
            #expect(error?.description.contains("a-very-secret-token") == false)
            var dumped = ""
            dump(client.configuration, to: &dumped)
            #expect(!dumped.contains("a-very-secret-token") && !"\(client.configuration)".contains("secret-token"))
        }
    }
}
