import Foundation
import Policy
import Synchronization
import TestAPIServer
import TestSupport
import Testing

@testable import KubernetesClient

/// Watches that are cut, cut short in the middle of an event, or told that their version is too old, one after the other,
/// at the reflector's own pace.
///
/// The suite injects some; `WATCH_FAULTS=1000 swift test --filter WatchFaultTests` a thousand, in some minutes.
@Suite struct WatchFaultTests {
    private static let nodes = 60
    private static let count =
        ProcessInfo.processInfo.environment["WATCH_FAULTS"].flatMap { Int($0) } ?? 24
    private static let faults: [WatchFault] = [
        .cut, .truncatedFrame, .truncatedFrameInGoodOrder, .expired, .end, .internalError, .garbage, .unknownType,
    ]

    /// What was injected, and what of the cache was seen meanwhile.
    private struct Sights {
        var fewest = Int.max
        var hadGap = false
        var isOver = false
    }

    @Test func theCacheIsNeverEmptyAndSoonRight() async throws {
        try await ReflectorTests.withReflector { server in
            for index in 0..<Self.nodes { try server.apply(ReflectorTests.node("node-\(index)"), to: .nodes) }
        } _: { server, feed in
            try await ReflectorTests.eventually { feed.count(of: .nodes) == Self.nodes }
            let sights = Mutex(Sights())
            let looking = Task.detached {
                while !sights.withLock({ $0.isOver }) {
                    let snapshot = feed.snapshot()
                    sights.withLock { sights in
                        sights.fewest = min(sights.fewest, snapshot.nodeCount)
                        if snapshot.gap(.nodes) != nil { sights.hadGap = true }
                    }
                    try? await Task.sleep(for: .milliseconds(1))
                }
            }
            let start = ContinuousClock.now
            let injected = try await Self.inject(server)
            let last = ContinuousClock.now
            let fresh = Mutex(Inventory())
            let client = try server.client()
            _ = try await client.list(.nodes) { object in fresh.withLock { $0.keep(object, .nodes) } }
            await client.shutDown()
            let expected = fresh.withLock { ReflectorTests.contents($0) }
            try await ReflectorTests.eventually(.seconds(5)) { ReflectorTests.contents(feed.snapshot()) == expected }
            let recovered = ContinuousClock.now - last
            sights.withLock { $0.isOver = true }
            await looking.value
            let (fewest, hadGap) = sights.withLock { ($0.fewest, $0.hadGap) }
            // As many as the changes left at the least.
            #expect(fewest >= Self.nodes - 1 && !hadGap)
            print(
                "\(injected) watch faults in \((last - start).components.seconds) s: the cache equals a fresh list",
                "\(recovered) after the last; never fewer than \(fewest) of \(Self.nodes) Nodes;",
                "\(feed.health(of: .nodes)?.lists ?? 0) lists")
        }
    }

    /// Changes Nodes and spoils watches; with how many. Every fault meets a watch that is open.
    private static func inject(_ server: TestAPIServer) async throws -> Int {
        var random = SeededGenerator(seed: 9)
        var injected = 0
        var turn = 0
        while injected < count {
            try await ReflectorTests.eventually(.seconds(60)) { server.openWatches > 0 }
            // Some watches bring events before they end, others nothing; some end while another version is current.
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                let name = "node-\(Int.random(in: 0..<nodes, using: &random))"
                if Int.random(in: 0..<8, using: &random) == 0 {
                    try server.delete(name, from: .nodes)
                }
                try server.apply(ReflectorTests.node(name, cpus: Int.random(in: 1...64, using: &random)), to: .nodes)
            }
            if turn % 10 == 9 { server.compact() }
            injected += server.endWatches(faults[turn % faults.count])
            turn += 1
            try await Task.sleep(for: .milliseconds(2))
        }
        return injected
    }
}
