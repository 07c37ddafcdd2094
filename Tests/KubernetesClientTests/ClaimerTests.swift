import Claims
import Foundation
import KubernetesTypes
import Logging
import NIOCore
import TestAPIServer
import Testing

@testable import KubernetesClient

/// Claims that are made against a scripted API server.
@Suite struct ClaimerTests {
    private static let namespace = "webhook"
    private static let id = "4be04a2e-87e6-4ff2-b34b-2994ee1600ba"
    private static let lease = Claim(id: id).lease
    private static let leases = APIRequest.Target.leases(namespace)

    private static func claimer(_ client: KubernetesClient, timeToLive: Duration = .seconds(75)) -> Claimer {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return Claimer(client, namespace: namespace, timeToLive: timeToLive, logger: logger)
    }

    private static func claim(
        _ claimer: Claimer, _ region: String, _ ids: [String] = [id], isDryRun: Bool = false,
        within time: TimeAmount = .seconds(10)
    ) async -> ClaimMachine.Outcome {
        await claimer.claim(
            Claim.all(declared: ids, before: []), for: ObjectName(namespace: "r", name: region), isDryRun: isDryRun,
            deadline: .now() + time)
    }

    private static func region(_ name: String, _ ids: [String], rest: String = "") -> String {
        let nodes = ids.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
        return #"{"kind":"Region","metadata":{"name":"\#(name)","namespace":"r"},"spec":{"kubernetes":{"nodes":["#
            + nodes + rest + "]}}}"
    }

    private static func leaseText(_ server: TestAPIServer, _ name: String = lease) -> String {
        server.object(name, of: leases).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    private static func declared(_ id: String = id, by region: String) -> ClaimMachine.Outcome {
        .declared([Declaration(id: id, region: ObjectName(namespace: "r", name: region))])
    }

    /// What was asked, without what the paths have in common.
    private static func calls(_ server: TestAPIServer) -> [String] {
        server.requests.map { request in
            let parts = request.split(separator: " ")
            return parts[0] + " " + (parts[1].contains("/leases") ? "lease" : "regions")
        }
    }

    @Test func aNewIDIsLockedAndThenLookedFor() async throws {
        try await withServer { server, client in
            let claimer = Self.claimer(client)
            #expect(await Self.claim(claimer, "a") == .unique)
            #expect(Self.calls(server) == ["POST lease", "GET regions"])
            // Without a resourceVersion, which would be answered from a cache.
            #expect(!server.requests[1].contains("resourceVersion"))
            #expect(Self.leaseText(server).replacing("\\/", with: "/").contains(#""holderIdentity":"r/a""#))
            #expect(claimer.counts[.unique] == 1)
        }
    }

    @Test(arguments: [
        (region("other", [id]), true), (region("other", [id.uppercased()]), true), (region("a", [id]), false),
        // Nobody can decode it; it declares its ids all the same.
        (region("other", [id], rest: #",{"id":{"no":"string"},"memory":"1e1.5"},7"#), true),
        (#"{"metadata":{"name":"other","namespace":"r"},"spec":{"kubernetes":{"nodes":{"id":"x"}}}}"#, false),
        (#"{"metadata":{"name":"other","namespace":"r"},"spec":"nothing"}"#, false),
    ])
    func whatIsDeclaredIsRefusedAndUndone(_ region: String, _ isDeclared: Bool) async throws {
        try await withServer { server, client in
            try server.apply(region, to: .regions)
            let outcome = await Self.claim(Self.claimer(client), "a")
            #expect(outcome == (isDeclared ? Self.declared(by: "other") : .unique))
            #expect(server.names(of: Self.leases).isEmpty == isDeclared)
        }
    }

    @Test func aDryRunLocksNothing() async throws {
        try await withServer { server, client in
            #expect(await Self.claim(Self.claimer(client), "a", isDryRun: true) == .unique)
            #expect(Self.calls(server) == ["GET regions"])
        }
    }

    @Test func anothersClaimIsInFlight() async throws {
        try await withServer { server, client in
            let claimer = Self.claimer(client)
            #expect(await Self.claim(claimer, "a") == .unique)
            let before = Self.leaseText(server)
            #expect(await Self.claim(claimer, "b") == .inFlight(Claim(id: Self.id), holder: "r/a"))
            #expect(Self.nonce(Self.leaseText(server)) == Self.nonce(before))
            try server.apply(Self.region("a", [Self.id]), to: .regions)
            #expect(await Self.claim(claimer, "b") == Self.declared(by: "a"))
            // The Region's own is renewed: another version, with another nonce.
            #expect(await Self.claim(claimer, "a") == .unique)
            let after = Self.leaseText(server)
            #expect(Self.nonce(before) != Self.nonce(after) && Self.nonce(after) != nil)
        }
    }

    private static func nonce(_ lease: String) -> String? {
        let object = try? JSONSerialization.jsonObject(with: Data(lease.utf8)) as? [String: Any]
        let annotations = (object?["metadata"] as? [String: Any])?["annotations"] as? [String: String]
        return annotations?[LeaseObject.nonceAnnotation]
    }

    @Test func aClaimThatIsLeftBehindIsTakenOver() async throws {
        try await withServer { server, client in
            let claimer = Self.claimer(client, timeToLive: .milliseconds(200))
            #expect(await Self.claim(claimer, "a") == .unique)
            #expect(await Self.claim(claimer, "b") == .inFlight(Claim(id: Self.id), holder: "r/a"))
            try await Task.sleep(for: .milliseconds(250))
            // A replica that has not seen it for that long waits.
            let other = Self.claimer(client, timeToLive: .milliseconds(200))
            #expect(await Self.claim(other, "c") == .inFlight(Claim(id: Self.id), holder: "r/a"))
            #expect(await Self.claim(claimer, "b") == .unique)
            #expect(await Self.claim(claimer, "a") == .inFlight(Claim(id: Self.id), holder: "r/b"))
        }
    }

    @Test func severalAreLockedInOrderAndUndoneTogether() async throws {
        try await withServer { server, client in
            let ids = (0..<5).map { "4be04a2e-87e6-4ff2-b34b-2994ee1600b\($0)" }
            try server.apply(Self.region("other", [ids[3]]), to: .regions)
            let claimer = Self.claimer(client)
            #expect(await Self.claim(claimer, "a", ids) == Self.declared(ids[3], by: "other"))
            #expect(server.names(of: Self.leases).isEmpty)
            let posts = Self.calls(server).prefix(6)
            #expect(posts == ["POST lease", "POST lease", "POST lease", "POST lease", "POST lease", "GET regions"])
        }
    }

    /// Never an unclaimed allow, whatever goes wrong.
    @Test(
        arguments: [
            ("POST", APIFault.executeAndClose), ("POST", .close), ("POST", .status(500, reason: "InternalError")),
            ("POST", .status(403, reason: "Forbidden")), ("POST", .status(429, reason: "TooManyRequests")),
            ("POST", .answer(200, body: "<html>")), ("POST", .answer(201, body: "{}")), ("POST", .truncated(20)),
            ("GET", .status(404, reason: "NotFound")), ("GET", .status(403, reason: "Forbidden")), ("GET", .close),
            ("GET", .answer(200, body: "<html>")), ("GET", .answer(200, body: "{}")), ("GET", .truncated(20)),
            ("GET", .status(410, reason: "Expired")),
        ] as [(String, APIFault)])
    func whatCannotBeKnownIsUnavailable(_ method: String, _ fault: APIFault) async throws {
        try await withServer { server, client in
            let claimer = Self.claimer(client)
            server.setFault { $0.method == method ? fault : nil }
            #expect(await Self.claim(claimer, "a") == .unavailable)
            server.setFault(nil)
            // The API server tries again: what may have been locked is its own.
            #expect(await Self.claim(claimer, "a") == .unique)
        }
    }

    @Test(arguments: ["POST", "GET"]) func theDeadlineIsKept(_ method: String) async throws {
        try await withServer { server, client in
            let claimer = Self.claimer(client)
            server.setFault { $0.method == method ? .hang : nil }
            let start = ContinuousClock.now
            #expect(await Self.claim(claimer, "a", within: .seconds(2)) == .unavailable)
            #expect(ContinuousClock.now - start < .seconds(2))
            server.setFault(nil)
            // Unlocked after the answer.
            try await ReflectorTests.eventually { server.names(of: Self.leases).isEmpty }
        }
    }

    /// Whoever of many is first: one of them, by whichever replica.
    @Test func oneOfManyIsAdmitted() async throws {
        try await withServer { server, client in
            let claimers = (0..<3).map { _ in Self.claimer(client) }
            let outcomes = await withTaskGroup(of: ClaimMachine.Outcome.self) { tasks in
                for number in 0..<60 {
                    tasks.addTask { await Self.claim(claimers[number % 3], String(number)) }
                }
                return await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.count { $0 == .unique } == 1)
            let refused = outcomes.count { if case .inFlight = $0 { true } else { false } }
            #expect(refused == 59)
            // They share their looks.
            #expect(claimers.reduce(0) { $0 + $1.counts[.look] } < 60)
        }
    }

    @Test func collection() async throws {
        try await withServer { server, client in
            let claimer = Self.claimer(client, timeToLive: .milliseconds(200))
            let collector = LeaseCollector(timeToLive: .milliseconds(200))
            #expect(await Self.claim(claimer, "a") == .unique)
            try server.apply(
                #"{"metadata":{"name":"something-else","namespace":"webhook"},"spec":{}}"#, to: Self.leases)
            await claimer.sweep(collector)
            try await Task.sleep(for: .milliseconds(150))
            #expect(await Self.claim(claimer, "a") == .unique)
            try await Task.sleep(for: .milliseconds(100))
            await claimer.sweep(collector)
            #expect(server.names(of: Self.leases).count == 2)
            try await Task.sleep(for: .milliseconds(250))
            await claimer.sweep(collector)
            #expect(server.names(of: Self.leases) == ["webhook/something-else"])
            #expect(claimer.counts[.collected] == 1)
        }
    }
}
