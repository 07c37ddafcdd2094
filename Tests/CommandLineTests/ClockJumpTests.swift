import Foundation
import TestAPIServer
import TestSupport
import Testing

/// A machine's clock that is set, by a month, in either direction, while `serve` runs: nothing that is waited for
/// or grows old is measured by it.
@Suite(.oneAtATime) struct ClockJumpTests {
    private static let day = 86_400

    private static func json(_ yaml: String) throws -> String {
        String(decoding: try #require(try FixtureObject.all(in: yaml).first).json, as: UTF8.self)
    }

    /// A library that moves the time of day, compiled by the compiler that the toolchain brings.
    private static func library(in scratch: Scratch) async throws -> String {
        let source = PackageFiles.root.appendingPathComponent("Tests/ClockJump/clock_jump.c").path
        let library = scratch.file("clock_jump.so")
        let run = try await Program.run(
            command: ["clang", "-shared", "-fPIC", "-O1", "-o", library, source], in: scratch)
        try #require(run.code == 0, "\(run)")
        return library
    }

    // A preloaded library comes before the sanitizer's own, which that refuses.
    @Test(.disabled(if: Sanitizer.isThere), arguments: [30 * day, -30 * day])
    func nothingGrowsOldByIt(_ jump: Int) async throws {
        let api = try await TestAPIServer()
        try Cluster.applySecret(to: api)
        try api.apply(try Self.json(Samples.node()), to: .nodes)
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        try scratch.write("jump", "0")
        let server = try await Server(
            [
                "--drain-delay", "0", "--kubeconfig", try api.kubeconfigFile(), "--claim-namespace", "webhook",
                "--audit-interval", "1",
            ], isStandalone: false, in: scratch,
            environment: [
                "LD_PRELOAD": try await Self.library(in: scratch), "CLOCK_JUMP": scratch.file("jump"),
            ])
        #expect(try await Server.wait { try await server.get(server.health, "/readyz").status == 200 })

        // The class is locked for a Region that has not been stored yet.
        func send(_ yaml: String) async throws -> Server.Response {
            try await server.post("/validate", body: ReviewBody(region: try Self.json(yaml)).json)
        }
        #expect(try await send(Samples.region()).review["allowed"] as? Bool == true)
        try scratch.write("jump", String(jump))
        let date = Self.date(Int64(Date().timeIntervalSince1970) + Int64(jump))

        // It still is: its time to live is not over, and not begun anew either.
        for _ in 0..<3 {
            let other = try await send(Samples.region(name: Samples.otherName, display: "other"))
            #expect((other.review["status"] as? [String: Any])?["code"] as? Int == 429, "\(other)")
        }
        let stamp = server.log.last?["ts"] as? String
        #expect(stamp?.hasPrefix(date) == true, "the log has the other date")
        // What is known of the cluster is as fresh as before, and events still come.
        #expect(try await server.get(server.health, "/readyz?verbose").body.contains("[+]inventory-nodes ok\n"))
        try api.apply(try Self.json(Samples.node(name: "worker-1")), to: .nodes)
        let two = #"unikorn_region_webhook_inventory_objects{kind="nodes"} 2"#
        #expect(try await Server.wait { try await server.get(server.metrics, "/metrics").body.contains(two) })
        // A watch that is cut is taken up again, and the audit goes on.
        api.endWatches(.cut)
        try api.apply(try Self.json(Samples.node(name: "worker-2")), to: .nodes)
        let three = two.replacing("2", with: "3")
        #expect(try await Server.wait { try await server.get(server.metrics, "/metrics").body.contains(three) })
        let runs = try await Self.audits(server)
        #expect(try await Server.wait { try await Self.audits(server) > runs + 1 })
        #expect(try await server.stop().code == 0)
        await api.stop()
    }

    private static func audits(_ server: Server) async throws -> Int {
        let text = try await server.get(server.metrics, "/metrics").body
        return text.split(separator: "\n").first { $0.hasPrefix("unikorn_region_webhook_audits_total ") }
            .flatMap { Int($0.split(separator: " ")[1]) } ?? 0
    }

    private static func date(_ seconds: Int64) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        let parts = calendar.dateComponents(
            [.year, .month, .day], from: Date(timeIntervalSince1970: TimeInterval(seconds)))
        return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
    }
}
