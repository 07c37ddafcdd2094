import Foundation
import KubernetesTypes
import Logging
import NIOCore
import NIOPosix
import Policy
import RegionAPI
import Synchronization
import TestAPIServer
import TestSupport
import Testing

@testable import KubernetesClient

/// Nodes that a reflector brings from a scripted API server.
@Suite struct ReflectorTests {
    private static let label = "kubernetes.region.unikorn-cloud.org/node-class"

    static func node(_ name: String, class nodeClass: String? = RegionText.id(1), cpus: Int = 4) -> String {
        let labels = nodeClass.map { #""\#(label)":"\#($0)""# } ?? ""
        return #"{"apiVersion":"v1","kind":"Node","metadata":{"name":"\#(name)","labels":{\#(labels)}},"#
            + #""status":{"capacity":{"cpu":"\#(cpus)"}}}"#
    }

    /// The Nodes of an inventory, as text.
    static func contents(_ inventory: Inventory) -> Set<String> {
        var found: Set<String> = []
        inventory.forEachNode { found.insert("\($0.name) \($0.nodeClass) \($0.machine.cpus ?? 0)") }
        return found
    }

    static func withReflector(
        maximumAge: TimeAmount = .seconds(300), pace: Double = 1, prepare: (TestAPIServer) throws -> Void = { _ in },
        _ body: (TestAPIServer, InventoryFeed) async throws -> Void
    ) async throws {
        try await withServer { server, client in
            try prepare(server)
            let feed = InventoryFeed(maximumAge: maximumAge)
            feed.expect(.nodes, from: "test")
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let reflector = Reflector(.nodes, of: client, into: feed, logger: logger, pace: pace)
            let running = Task { await reflector.run() }
            defer { running.cancel() }
            try await body(server, feed)
            running.cancel()
            await running.value
        }
    }

    static func eventually(_ limit: Duration = .seconds(10), _ condition: () -> Bool) async throws {
        let deadline = ContinuousClock.now + limit
        while !condition() {
            try #require(ContinuousClock.now < deadline, "it did not come about within \(limit)")
            try await Task.sleep(for: .milliseconds(2))
        }
    }

    @Test func eventsChangeTheInventory() async throws {
        try await Self.withReflector {
            try $0.apply(Self.node("a"), to: .nodes)
            try $0.apply(Self.node("no-class", class: nil), to: .nodes)
        } _: { server, feed in
            try await Self.eventually { Self.contents(feed.snapshot()) == ["a \(RegionText.id(1)) 4"] }
            let old = feed.snapshot()
            try server.apply(Self.node("b", cpus: 8), to: .nodes)
            try await Self.eventually { feed.count(of: .nodes) == 2 }
            // A label that is set, changed and removed.
            try server.apply(Self.node("no-class"), to: .nodes)
            try await Self.eventually { feed.count(of: .nodes) == 3 }
            try server.apply(Self.node("no-class", class: RegionText.id(2)), to: .nodes)
            try server.apply(Self.node("a", class: nil), to: .nodes)
            try server.delete("b", from: .nodes)
            try await Self.eventually { Self.contents(feed.snapshot()) == ["no-class \(RegionText.id(2)) 4"] }
            #expect(Self.contents(old) == ["a \(RegionText.id(1)) 4"])
            #expect(feed.health(of: .nodes)?.lists == 1)
        }
    }

    /// A list is under way, slowly, and another object is there already.
    @Test func nothingIsKnownUntilTheFirstListIsComplete() async throws {
        try await Self.withReflector { server in
            for index in 0..<40 { try server.apply(Self.node("node-\(index)"), to: .nodes) }
            server.setFault { $0.isList ? .slow(bytes: 400, milliseconds: 10) : nil }
        } _: { server, feed in
            while feed.health(of: .nodes)?.isSynced == false {
                let snapshot = feed.snapshot()
                #expect(snapshot.nodeCount == 0 || feed.health(of: .nodes)?.isSynced == true)
                if snapshot.nodeCount == 0 { #expect(snapshot.gap(.nodes)?.isPassing == true) }
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(feed.snapshot().nodeCount == 40)
            #expect(feed.snapshot().gap(.nodes) == nil)
        }
    }

    @Test(arguments: [
        (403, "Forbidden", false), (404, "NotFound", false), (401, "Unauthorized", true), (500, "x", true),
    ])
    func whatCannotBeListedIsSaidAndTriedAgain(_ code: Int, _ reason: String, _ isPassing: Bool) async throws {
        try await Self.withReflector { server in
            try server.apply(Self.node("a"), to: .nodes)
            server.setFault { _ in .status(code, reason: reason) }
        } _: { server, feed in
            try await Self.eventually { (feed.health(of: .nodes)?.failures ?? 0) >= 2 }
            #expect(feed.health(of: .nodes)?.error?.status?.code == code)
            #expect(feed.snapshot().gap(.nodes)?.isPassing == isPassing)
            server.setFault(nil)
            try await Self.eventually { feed.snapshot().gap(.nodes) == nil }
            #expect(feed.snapshot().nodeCount == 1)
            #expect(feed.health(of: .nodes)?.error == nil)
        }
    }

    /// What has not been heard of for long is not judged by; with the first sign of life it is known again.
    @Test func whatIsTooOldIsAGap() async throws {
        try await Self.withReflector(maximumAge: .milliseconds(600)) {
            try $0.apply(Self.node("a"), to: .nodes)
        } _: { server, feed in
            try await Self.eventually { feed.snapshot().nodeCount == 1 }
            try await Self.eventually { feed.snapshot().gap(.nodes) != nil }
            #expect(feed.snapshot().nodeCount == 0)
            #expect(feed.snapshot().gap(.nodes)?.reason.contains("no longer") == true)
            #expect(feed.count(of: .nodes) == 1)
            server.sendBookmarks()
            try await Self.eventually { feed.snapshot().nodeCount == 1 && feed.snapshot().gap(.nodes) == nil }
        }
    }

    /// That the server can be reached is no sign of life of the objects: where watches are refused, they are listed again when
    /// they are too old.
    @Test(arguments: [503, 429]) func watchesThatAreRefusedDoNotKeepItFresh(_ code: Int) async throws {
        let fault = APIFault.status(code, reason: "x")
        try await Self.withReflector(maximumAge: .milliseconds(600)) { server in
            try server.apply(Self.node("a"), to: .nodes)
            server.setFault { $0.isList ? nil : fault }
        } _: { server, feed in
            try await Self.eventually { feed.snapshot().nodeCount == 1 }
            server.setFault { $0.isList ? .status(503, reason: "x") : fault }
            try await Self.eventually { (feed.health(of: .nodes)?.failures ?? 0) >= 3 }
            try await Self.eventually { feed.snapshot().gap(.nodes) != nil }
            server.setFault { $0.isList ? nil : fault }
            try await Self.eventually { feed.snapshot().nodeCount == 1 && feed.snapshot().gap(.nodes) == nil }
            #expect((feed.health(of: .nodes)?.lists ?? 0) >= 2)
        }
    }

    /// Nor is a watch that is taken up and then cut, without a word in between. One that ends in good order after a while is:
    /// nothing has happened.
    @Test(arguments: [(WatchFault.cut, false), (.end, true)])
    func aWatchWithoutAWord(_ end: WatchFault, _ isSignOfLife: Bool) async throws {
        try await Self.withReflector(maximumAge: .milliseconds(2_500)) { server in
            try server.apply(Self.node("a"), to: .nodes)
        } _: { server, feed in
            try await Self.eventually { feed.snapshot().nodeCount == 1 }
            server.setFault { $0.isList ? .status(503, reason: "x") : nil }
            var hadGap = false
            for _ in 0..<4 {
                try await Self.eventually { server.openWatches == 1 || feed.snapshot().gap(.nodes) != nil }
                for _ in 0..<110 {
                    try await Task.sleep(for: .milliseconds(10))
                    if feed.snapshot().gap(.nodes) != nil { hadGap = true }
                }
                server.endWatches(end)
            }
            #expect(hadGap != isSignOfLife)
        }
    }

    /// Faults of every kind, many of them: what is known is never nothing, and soon after the last it is what a
    /// fresh list says.
    @Test func faultsDoNotEmptyTheCache() async throws {
        // Half of all answers are faults, which at the reflector's own pace is an outage: its waits grow to seconds.
        let environment = ProcessInfo.processInfo.environment
        let faultCount = environment["FAULTS"].flatMap { Int($0) } ?? 200
        let pace = environment["FAULT_PACE"].flatMap { Double($0) } ?? 0.02
        try await Self.withReflector(pace: pace) { server in
            for index in 0..<60 { try server.apply(Self.node("node-\(index)"), to: .nodes) }
        } _: { server, feed in
            try await Self.eventually { feed.count(of: .nodes) == 60 }
            let isOver = Mutex(false)
            let lowest = Task.detached { () -> Int in
                var lowest = Int.max
                while !isOver.withLock({ $0 }) {
                    lowest = min(lowest, feed.snapshot().nodeCount)
                    try? await Task.sleep(for: .milliseconds(1))
                }
                return lowest
            }
            let answers: [APIFault] = [
                .status(429, reason: "TooManyRequests", retryAfterSeconds: 1), .status(500, reason: "InternalError"),
                .status(503, reason: "ServiceUnavailable"), .status(401, reason: "Unauthorized"),
                .status(403, reason: "Forbidden"), .status(410, reason: "Expired"), .close, .truncated(30),
                .answer(200, body: "<html>sign in</html>"), .answer(302, headers: ["Location": "/"], body: ""),
                .slow(bytes: 50, milliseconds: 1), .answer(200, body: ""),
            ]
            let scripted = Mutex((faults: 0, random: SeededGenerator(seed: 7)))
            server.setFault { _ in
                scripted.withLock { scripted in
                    // Every other request meets one.
                    guard Bool.random(using: &scripted.random) else { return nil }
                    scripted.faults += 1
                    return answers.randomElement(using: &scripted.random)
                }
            }
            var random = SeededGenerator(seed: 8)
            var watchFaults = 0
            var step = 0
            while watchFaults + scripted.withLock({ $0.faults }) < faultCount {
                step += 1
                let name = "node-\(Int.random(in: 0..<60, using: &random))"
                if step % 7 == 0, server.names(of: .nodes).count > 40 {
                    try? server.delete(name, from: .nodes)
                } else {
                    try server.apply(Self.node(name, cpus: Int.random(in: 1...64, using: &random)), to: .nodes)
                }
                if step % 11 == 0 { server.compact() }
                if let fault = WatchFault.allCases.randomElement(using: &random) {
                    watchFaults += server.endWatches(fault)
                }
                try await Task.sleep(for: .milliseconds(4))
            }
            server.setFault(nil)
            let last = ContinuousClock.now
            let expected = Mutex<Set<String>>([])
            try await Self.eventually(.seconds(5)) {
                let names = server.names(of: .nodes)
                let contents = Self.contents(feed.snapshot())
                expected.withLock { $0 = contents }
                return contents.count == names.count
                    && names.allSatisfy { name in
                        contents.contains { $0.hasPrefix(name + " ") }
                    }
                    && feed.health(of: .nodes)?.error == nil
            }
            let recovered = ContinuousClock.now - last
            // To the last CPU.
            let fresh = Mutex(Inventory())
            let client = try server.client()
            _ = try await client.list(.nodes) { object in fresh.withLock { $0.keep(object, .nodes) } }
            await client.shutDown()
            try await Self.eventually(.seconds(5) - recovered) {
                Self.contents(feed.snapshot()) == fresh.withLock { Self.contents($0) }
            }
            isOver.withLock { $0 = true }
            let least = await lowest.value
            #expect(least >= 40)
            print(
                "faults: \(watchFaults) of watches, \(scripted.withLock { $0.faults }) of answers;",
                "equal \(recovered) after the last; never fewer than \(least) Nodes;",
                "\(feed.health(of: .nodes)?.lists ?? 0) lists")
        }
    }
}
