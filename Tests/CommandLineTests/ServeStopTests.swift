import Foundation
import Glibc
import Testing

/// How `serve` ends, and what it does while it runs for long.
@Suite struct ServeStopTests {
    private static let review = Program.fixture("admission-reviews/node-create-minimal.validate.json")

    private func start(_ flags: [String]) async throws -> Server {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        return try await Server(flags, in: scratch)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func signals(_ signal: Int32) async throws {
        let server = try await start(["--drain-delay", "0"])
        let end = try await server.stop(signal)
        #expect(end.code == 0)
        #expect(server.lines("stopped").count == 1)
    }

    /// By their names, not by what they hold.
    @Test func servicesAreNamedInTheLog() async throws {
        let server = try await start(["--drain-delay", "0", "--log-level", "debug"])
        #expect(try await server.stop().code == 0)
        let named = Set(server.log.compactMap { $0["sl-service"] as? String })
        #expect(named == ["webhook-server", "certificate-reloader"])
    }

    /// Until the delay is over it answers, but says that it goes.
    @Test func drain() async throws {
        let server = try await start(["--drain-delay", "600"])
        #expect(try await server.get(server.health, "/readyz").status == 200)
        server.process.send(SIGTERM)
        #expect(try await Server.wait { try await server.get(server.health, "/readyz").status != 200 })
        #expect(try await server.get(server.health, "/livez").status == 200)
        let response = try await server.post("/validate", file: Self.review, ["--include"])
        #expect(response.status == 200)
        #expect(response.body.lowercased().contains("connection: close"), "\(response)")
        #expect(try await server.stop().code == 0)
    }

    @Test func drainDelay() async throws {
        let server = try await start(["--drain-delay", "1"])
        let begin = ContinuousClock.now
        #expect(try await server.stop().code == 0)
        #expect(ContinuousClock.now - begin > .milliseconds(900))
    }

    @Test func aSecondSignalStopsAtOnce() async throws {
        let server = try await start(["--drain-delay", "600"])
        server.process.send(SIGTERM)
        #expect(try await Server.wait { server.lines("shutting down").count == 1 })
        try await Task.sleep(for: .milliseconds(300))
        #expect(server.process.poll() == nil)
        let end = try await server.stop(SIGINT)
        #expect(end.code == 0)
    }

    /// Files are looked at every ten seconds. No request fails, and new connections get the new certificate.
    @Test func certificatesAreReplaced() async throws {
        let server = try await start(["--drain-delay", "0"])
        let scratch = server.scratch
        func served() async throws -> String {
            let script =
                "openssl s_client -connect \(server.address) </dev/null 2>/dev/null | openssl x509 -noout -serial"
            return try await Program.shell(script, in: scratch).output
        }
        let first = try await served()
        #expect(first.hasPrefix("serial="))
        // Clients trust both.
        #expect(try await Program.shell("cp d/ca.crt old.crt", in: scratch).code == 0)
        try await Server.certificates(in: scratch, "e")
        let swap = "cat old.crt e/ca.crt >d/ca.crt; cp e/tls.crt new; mv new d/tls.crt; sleep 1; mv e/tls.key d/tls.key"
        #expect(try await Program.shell(swap, in: scratch).code == 0)
        let isReplaced = try await Server.wait(looks: 1_000) {
            let response = try await server.post("/validate", file: Self.review)
            #expect(response.status == 200, "\(response)")
            return try await served() != first
        }
        #expect(isReplaced)
        #expect(server.lines("the serving certificate was replaced").count == 1, "\(server.process.errors)")
        // What cannot be used changes nothing.
        try scratch.write("d/tls.key", "nonsense")
        #expect(try await server.post("/validate", file: Self.review).status == 200)
        #expect(try await server.stop().code == 0)
    }

    /// Nobody reads its log any more.
    @Test func closedLog() async throws {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        let flags = Server.flags.joined(separator: " ")
        let script = """
            { "$0" \(flags) --drain-delay 0 2>&1 & echo $! >pid; wait $!; echo $? >code; } | head -n 1 >first
            cat code
            """
        let process = try ChildProcess(["/bin/sh", "-c", script, Program.path], in: scratch)
        #expect(try await Server.wait { !Scratch.text(scratch.file("first")).isEmpty })
        let pid = try #require(Int32(Scratch.text(scratch.file("pid")).trimmingCharacters(in: .newlines)))
        kill(pid, SIGTERM)
        #expect(try await process.ended().code == 0)
        #expect(process.output == "0\n")
    }
}
