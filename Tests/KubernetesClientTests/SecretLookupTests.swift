import Foundation
import KubernetesTypes
import Policy
import Synchronization
import TestAPIServer
import Testing

@testable import KubernetesClient

/// Many Secrets, read one by one.
@Suite struct SecretLookupTests {
    private static let names = (0..<40).map { ObjectName(namespace: "a", name: "secret-\($0)") }

    private static func lookup(_ client: KubernetesClient) -> SecretLookup {
        SecretLookup(client) { value in
            value["metadata"]?["name"]?.text.map {
                SecretRecord(object: ObjectName(namespace: "a", name: String($0)), keys: [], kubeconfig: nil)
            }
        }
    }

    @Test func eachOnceByItsName() async throws {
        try await withServer { server, client in
            for name in Self.names.prefix(30) {
                try server.apply(#"{"metadata":{"name":"\#(name.name)","namespace":"a"}}"#, to: .secrets("a"))
            }
            let answer = await Self.lookup(client).read(Self.names + Self.names)
            #expect(answer.states.count == 40 && answer.unjudged.isEmpty && answer.failure == nil)
            let missing = answer.states.values.count { if case .missing = $0 { true } else { false } }
            #expect(missing == 10)
            #expect(
                server.requests.sorted() == Self.names.map { "GET /api/v1/namespaces/a/secrets/\($0.name)" }.sorted())
            #expect(server.openConnections <= 2)
        }
    }

    @Test func twoAtATime() async throws {
        try await withServer { server, client in
            server.setFault { _ in .hang }
            let reading = Task { await Self.lookup(client).read(Self.names) }
            try await ReflectorTests.eventually { server.requests.count == 2 }
            try await Task.sleep(for: .milliseconds(300))
            #expect(server.requests.count == 2)
            reading.cancel()
            let answer = await reading.value
            #expect(answer.states.isEmpty && answer.failure != nil)
        }
    }

    /// A server that fails is not asked forty times.
    @Test(arguments: [APIFault.status(500, reason: "InternalError"), .close, .status(401, reason: "Unauthorized")])
    func aServerThatFailsIsLeftAlone(_ fault: APIFault) async throws {
        try await withServer { server, client in
            server.setFault { _ in fault }
            let answer = await Self.lookup(client).read(Self.names)
            #expect(answer.states.isEmpty && answer.unjudged.isEmpty && answer.failure != nil)
            #expect((3...4).contains(server.requests.count), "\(server.requests.count)")
        }
    }

    /// What is refused, or of no use, concerns one Secret.
    @Test func oneThatCannotBeJudged() async throws {
        try await withServer { server, client in
            for name in Self.names {
                try server.apply(#"{"metadata":{"name":"\#(name.name)","namespace":"a"}}"#, to: .secrets("a"))
            }
            server.setFault { request in
                switch request.path.split(separator: "/").last {
                case "secret-7": .status(403, reason: "Forbidden")
                case "secret-8": .answer(200, body: "<html>")
                case "secret-9": .answer(302, headers: ["Location": "/"])
                default: nil
                }
            }
            let answer = await Self.lookup(client).read(Self.names)
            #expect(answer.states.count == 37)
            #expect(answer.unjudged.keys.map(\.name).sorted() == ["secret-7", "secret-8"])
            #expect(answer.failure?.status?.code == 302)
            #expect(answer.reasons.map(\.count) == [1, 1])
            #expect(answer.reasons.first?.reason.contains("secret-8") == true)
        }
    }
}
