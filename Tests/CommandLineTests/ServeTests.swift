import Foundation
import Glibc
import TestSupport
import Testing

/// `serve`, as kube-apiserver and an operator see it.
@Suite(.oneAtATime) struct ServeTests {
    private static let reviews = Program.fixture("admission-reviews")

    private func body(_ region: String) async throws -> String {
        let object = try #require(try FixtureObject.all(in: region).first)
        return String(decoding: ReviewBody(creating: object).bytes, as: UTF8.self)
    }

    @Test func reviewsHealthAndMetrics() async throws {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        let server = try await Server(in: scratch)

        let good = try await server.post("/validate", file: "\(Self.reviews)/region-create-eight-flavors.validate.json")
        #expect(good.status == 200 && good.review["allowed"] as? Bool == true, "\(good)")
        let bad = try await server.post(
            "/validate", file: "\(Self.reviews)/region-create-poison-quantity.validate.json")
        #expect(bad.status == 200 && bad.review["allowed"] as? Bool == false, "\(bad)")
        let offline = try await Program.run(["review", "\(Self.reviews)/region-create-poison-quantity.validate.json"])
        #expect(bad.body + "\n" == offline.output, "the same answer as 'review' gives")
        let mutated = try await server.post(
            "/mutate", body: body(Samples.region().replacing("name: bratwurst", with: "x: y")))
        #expect(mutated.review["patchType"] as? String == "JSONPatch", "\(mutated)")

        #expect(try await server.post("/validate", body: "{").status == 400)
        #expect(try await server.post("/validate", body: "{}").body.contains("expected kind AdmissionReview"))
        #expect(try await server.post("/nonsense", body: "{}").status == 404)

        for path in ["/healthz", "/livez", "/readyz"] {
            #expect(try await server.get(server.health, path).status == 200)
        }
        let metrics = try await server.get(server.metrics, "/metrics")
        #expect(metrics.status == 200 && metrics.body.contains("# TYPE "))
        #expect(try await server.get(server.health, "/metrics").status == 404)
        #expect(try await server.get(server.metrics, "/readyz").status == 404)
        let end = try await server.stop()
        #expect(end.code == 0)
    }

    @Test func protocolsOfTLS() async throws {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        let server = try await Server(in: scratch)
        func connect(_ flags: [String]) async throws -> Program.Run {
            let fixed = ["openssl", "s_client", "-connect", server.address, "-CAfile", "d/ca.crt", "-brief"]
            return try await Program.run(command: fixed + flags, in: scratch)
        }
        for (flag, name) in [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")] {
            let run = try await connect([flag, "-verify_return_error"])
            #expect(run.code == 0, "\(run)")
            #expect((run.output + run.errors).contains("Protocol version: \(name)"), "\(run)")
            #expect((run.output + run.errors).contains("Verification: OK"))
        }
        #expect(try await connect(["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"]).code != 0)
        #expect(try await connect(["-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0"]).code != 0, "no AEAD")
        let plain = try await server.curl(["http://\(server.address)/validate"])
        #expect(plain.status != 200)
        #expect(try await server.stop(SIGINT).code == 0)
    }

    @Test func clientCertificates() async throws {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        try await Server.certificates(in: scratch, "clients")
        let server = try await Server(["--drain-delay", "0", "--client-ca-file", "clients/ca.crt"], in: scratch)
        let review = "\(Self.reviews)/node-create-minimal.validate.json"
        let make = """
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=apiserver -keyout k -out r &&
            printf 'extendedKeyUsage=clientAuth\\n' >e &&
            openssl x509 -req -in r -CA $1/ca.crt -CAkey $1/ca.key -extfile e -days 1 -out $1/client.crt && mv k $1/client.key
            """
        for directory in ["clients", "d"] {
            let run = try await Program.shell(make.replacing("$1", with: directory), in: scratch)
            #expect(run.code == 0, "\(run)")
        }
        let known = ["--cert", "clients/client.crt", "--key", "clients/client.key"]
        #expect(try await server.post("/validate", file: review, known).status == 200)
        #expect(try await server.post("/validate", file: review).status == 0, "no certificate")
        let stranger = ["--cert", "d/client.crt", "--key", "d/client.key"]
        #expect(try await server.post("/validate", file: review, stranger).status == 0, "another authority's")
        #expect(try await server.stop().code == 0)
    }

    @Test func inventoryIsJudged() async throws {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        try scratch.write("known/a.yaml", Samples.region())
        try scratch.write("more.yaml", Samples.numbered(7))
        let flags = [
            "--drain-delay", "0", "--inventory", "known", "more.yaml", "--strict", "--rule", "memory-small=deny",
        ]
        let server = try await Server(flags, in: scratch)
        let conflict = try await server.post(
            "/validate", body: body(Samples.region(name: Samples.otherName, display: "x")))
        let status = conflict.review["status"] as? [String: Any]
        #expect(conflict.review["allowed"] as? Bool == false)
        #expect((status?["message"] as? String)?.contains("unikorn-region/\(Samples.name)") == true, "\(conflict)")
        #expect((status?["message"] as? String)?.contains("[node-id-unique]") == true)
        let free = try await server.post("/validate", body: body(Samples.numbered(8)))
        #expect(free.review["allowed"] as? Bool == true, "\(free)")
        let small = Samples.numbered(9).replacing("memory: 4Gi", with: "memory: 1Gi")
        #expect(try await server.post("/validate", body: body(small)).review["allowed"] as? Bool == false)
        #expect(try await server.stop().code == 0)
    }

    /// Each line is JSON, each denial has one, and no secret and no content of an object is in any.
    @Test func log() async throws {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        let server = try await Server(["--drain-delay", "0", "--log-level", "debug"], in: scratch)
        let secret = "very-secret-value"
        let region = Samples.region(memory: "0").replacing(
            "spec:\n", with: "  annotations: {a: \(secret)}\nspec:\n")
        for _ in 0..<3 { #expect(try await server.post("/validate", body: body(region)).status == 200) }
        #expect(try await server.post("/validate", body: body(Samples.region())).status == 200)
        _ = try await server.post("/validate", body: "{\"\(secret)\": ")
        #expect(try await server.stop().code == 0)
        let log = server.log
        for line in log {
            #expect(line["ts"] is String && line["level"] is String && line["msg"] is String, "\(line)")
        }
        let denials = server.lines("denied")
        #expect(denials.count == 3)
        for denial in denials {
            #expect(denial["level"] as? String == "info")
            #expect(denial["denied"] as? [String] == ["memory"])
            #expect(denial["name"] as? String == Samples.name)
            #expect(denial["code"] as? String == "422")
        }
        #expect(server.lines("allowed").count == 1)
        #expect(server.lines("request refused").count == 1)
        #expect(server.lines("stopped").count == 1)
        #expect(!server.process.errors.contains(secret))
        #expect(!server.process.errors.contains("PRIVATE KEY"))
        #expect(server.process.output.isEmpty)
    }

    /// A core dump would hold the private key.
    @Test func noCoreDumps() async throws {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        let server = try await Server(in: scratch)
        let limits = Scratch.text("/proc/\(server.process.id)/limits")
        let line = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
        #expect(line.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"], "\(line)")
        #expect(try await server.stop().code == 0)
    }
}
