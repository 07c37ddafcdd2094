import Foundation
import TestAPIServer
import TestSupport
import Testing

/// Secrets in audits, and in `validate` against a cluster: read one by one by their names, and nothing of them is shown.
@Suite(.oneAtATime) struct AuditSecretTests {
    private static let secrets = APIRequest.Target.secrets("unikorn-region")
    private static let token = "very-secret-token"

    private static func json(_ yaml: String) throws -> String {
        String(decoding: try #require(try FixtureObject.all(in: yaml).first).json, as: UTF8.self)
    }

    /// A kubeconfig whose client certificate is in a state, and a token that nothing may print.
    private static func kubeconfig(_ state: String) -> String {
        let user =
            "token: \(token), client-certificate-data: @CLIENT_CERTIFICATE:\(state)@, "
            + "client-key-data: @CLIENT_KEY:\(state)@"
        return Placeholders.fill(Cluster.kubeconfig.replacing("token: \(token)", with: user))
    }

    private static let numbers = 1...6

    /// Regions 1 to 6, each with a Secret of its own name: right, expired, soon, wrong, without the key, absent.
    private static func prepare(_ api: TestAPIServer) throws {
        for number in numbers {
            try api.apply(
                try json(Samples.numbered(number).replacing("de-central-0-kubeconfig", with: "secret-\(number)")),
                to: .regions)
        }
        for (number, data) in [
            (1, ["kubeconfig": kubeconfig("valid")]), (2, ["kubeconfig": kubeconfig("expired")]),
            (3, ["kubeconfig": kubeconfig("soon")]), (4, ["kubeconfig": "\(token): ["]), (5, ["password": token]),
        ] {
            try api.apply(Cluster.secret("secret-\(number)", data), to: secrets)
        }
    }

    private static let expected = [
        "2: error[kubeconfig-certificate-expiry]", "3: warning[kubeconfig-certificate-expiry]",
        "4: error[kubeconfig-secret-content]", "5: error[kubeconfig-secret-exists]",
        "6: error[kubeconfig-secret-exists]",
    ]

    private static func requestsOfSecrets(_ api: TestAPIServer) -> [String] {
        api.requests.filter { $0.contains("/secrets") }.sorted()
    }

    private static let everySecretOnce = numbers.map {
        "GET /api/v1/namespaces/unikorn-region/secrets/secret-\($0)"
    }

    private static func hidesSecrets(_ run: Program.Run) -> Bool {
        !run.output.contains(token) && !run.errors.contains(token)
    }

    @Test(arguments: [["audit"], ["audit", "-o", "json"]])
    func theAuditReadsThem(_ command: [String]) async throws {
        let api = try await TestAPIServer()
        try Self.prepare(api)
        let run = try await Program.run(command + ["--kubeconfig", try api.kubeconfigFile()])
        #expect(run.code == 1 && run.errors.isEmpty, "\(run)")
        #expect(Self.hidesSecrets(run))
        #expect(Self.requestsOfSecrets(api) == Self.everySecretOnce)
        if command.count == 1 {
            let lines = run.output.split(separator: "\n").map { String($0) }
            for start in Self.expected {
                #expect(lines.contains { $0.contains("00000000000\(start): ") }, "\(start)\n\(run)")
            }
            #expect(lines.count == Self.expected.count + 1, "\(run)")
        }
        await api.stop()
    }

    /// What may not be read is said, and is no finding.
    @Test func whatIsForbiddenIsNotJudged() async throws {
        let api = try await TestAPIServer()
        try Self.prepare(api)
        api.forbid(["secrets"])
        let kubeconfig = try api.kubeconfigFile()
        let run = try await Program.run(["audit", "--kubeconfig", kubeconfig])
        #expect(run.code == 0 && run.output == "6 objects: 0 errors, 0 warnings\n", "\(run)")
        #expect(
            run.errors.contains(
                #"6 Secrets are not judged: reading Secrets in namespace "unikorn-region" is forbidden"#),
            "\(run)")
        let scratch = try Scratch()
        try scratch.write("a.yaml", Samples.region())
        let files = try await Program.run(["validate", "--kubeconfig", kubeconfig, "a.yaml"], in: scratch)
        #expect(files.code == 0 && files.errors.contains("1 Secret is not judged: "), "\(files)")
        await api.stop()
    }

    @Test(arguments: [APIFault.status(500, reason: "InternalError"), .close, .answer(200, body: "<html>")])
    func whatCannotBeReadEndsTheAudit(_ fault: APIFault) async throws {
        let api = try await TestAPIServer()
        try Self.prepare(api)
        api.setFault { $0.path.contains("/secrets/") ? fault : nil }
        let run = try await Program.run(["audit", "--kubeconfig", try api.kubeconfigFile()])
        if case .answer = fault {
            // This answer is no better the next time: the other rules are judged.
            #expect(run.code == 0 && run.errors.contains("cannot be read: "), "\(run)")
        } else {
            #expect(run.code == 2 && run.output.isEmpty && run.errors.contains(": a Secret: "), "\(run)")
        }
        await api.stop()
    }

    @Test func filesAgainstTheSecretsOfACluster() async throws {
        let api = try await TestAPIServer()
        try Self.prepare(api)
        let kubeconfig = try api.kubeconfigFile()
        let scratch = try Scratch()
        func validate(_ text: String, _ flags: [String] = []) async throws -> Program.Run {
            api.forgetRequests()
            try scratch.write("a.yaml", text)
            let run = try await Program.run(["validate", "--kubeconfig", kubeconfig, "a.yaml"] + flags, in: scratch)
            #expect(Self.hidesSecrets(run))
            return run
        }
        let absent = try await validate(Samples.region(secret: "secret-6"))
        #expect(absent.output.contains("a.yaml:11:57: error[kubeconfig-secret-exists]"), "\(absent)")
        #expect(Self.requestsOfSecrets(api) == [Self.everySecretOnce[5]])
        let expired = try await validate(Samples.region(secret: "secret-2"), ["--complete"])
        #expect(expired.output.contains("error[kubeconfig-certificate-expiry]"), "\(expired)")
        #expect(!expired.output.contains("kubeconfig-secret-exists"))
        let right = try await validate(Samples.region(secret: "secret-1"))
        #expect(right.code == 0, "\(right)")
        // A Secret of the input takes the place of the stored one, and none is read.
        let given =
            Samples.region(secret: "secret-2") + "---\n"
            + Cluster.secret("secret-2", ["kubeconfig": Self.kubeconfig("valid")]) + "\n"
        let ofInput = try await validate(given)
        #expect(ofInput.code == 0 && Self.requestsOfSecrets(api).isEmpty, "\(ofInput)")
        // Rules that are off need none.
        let rules = ["exists", "content"].flatMap { ["--rule", "kubeconfig-secret-\($0)=off"] }
        let off = try await validate(
            Samples.region(secret: "secret-6"), rules + ["--rule", "kubeconfig-certificate-expiry=off"])
        #expect(off.code == 0 && Self.requestsOfSecrets(api).isEmpty, "\(off)")
        await api.stop()
    }

    // MARK: serve

    private static let prefix = "unikorn_region_webhook_audit"

    private static func metrics(_ server: Server) async throws -> String {
        try await server.get(server.metrics, "/metrics").body
    }

    private static func count(_ rule: String, _ severity: String, _ count: Int) -> String {
        "\(prefix)_findings{rule=\"\(rule)\",severity=\"\(severity)\"} \(count)\n"
    }

    private static func notes(_ api: TestAPIServer, in namespace: String = "unikorn-region") -> [String] {
        let target = APIRequest.Target(
            group: "events.k8s.io", version: "v1", resource: "events", namespace: namespace)
        return api.names(of: target).compactMap { name in
            let data = api.object(String(name.split(separator: "/").last ?? ""), of: target)
            let object = data.flatMap { (try? JSONSerialization.jsonObject(with: $0)) as? [String: Any] }
            return object?["note"] as? String
        }
    }

    /// Certificates that expire and Secrets that vanish are found though nobody writes a Region; what cannot be known for a
    /// moment is neither new nor gone.
    @Test func thePeriodicAuditReadsThem() async throws {
        try await Cluster.run(["--audit-interval", "1"], prepare: Self.prepare) { api, server in
            let first = Self.count("kubeconfig-certificate-expiry", "deny", 1)
            #expect(try await Server.wait { try await Self.metrics(server).contains(first) })
            let metrics = try await Self.metrics(server)
            #expect(metrics.contains(Self.count("kubeconfig-certificate-expiry", "warn", 1)), "\(metrics)")
            #expect(metrics.contains(Self.count("kubeconfig-secret-exists", "deny", 2)), "\(metrics)")
            #expect(metrics.contains("\(Self.prefix)_unjudged_secrets 0\n"))
            try api.delete("secret-1", from: Self.secrets)
            let vanished = Self.count("kubeconfig-secret-exists", "deny", 3)
            #expect(try await Server.wait { try await Self.metrics(server).contains(vanished) })
            #expect(
                try await Server.wait {
                    Self.notes(api).contains { $0.contains("secret-1\" [kubeconfig-secret-exists]") }
                })

            api.setFault { $0.path.contains("/secrets/") ? .status(500, reason: "InternalError") : nil }
            #expect(try await Server.wait { server.lines("Secrets could not be read by the audit").count > 1 })
            #expect(server.lines("no longer found by the audit").isEmpty)
            api.setFault(nil)
            try api.apply(Cluster.secret("secret-1", ["kubeconfig": Self.kubeconfig("valid")]), to: Self.secrets)
            #expect(try await Server.wait { server.lines("no longer found by the audit").count == 1 })
            #expect(
                server.lines("found by the audit").count { $0["rule"] as? String == "kubeconfig-secret-exists" } == 3)

            api.forbid(["secrets"])
            #expect(
                try await Server.wait {
                    let metrics = try await Self.metrics(server)
                    return metrics.contains("\(Self.prefix)_unjudged_secrets 6\n")
                        && !metrics.contains("rule=\"kubeconfig-")
                })
            #expect(server.lines("Secrets cannot be judged by the audit").count == 1)
            // By name, every one of them.
            let requests = Set(Self.requestsOfSecrets(api))
            #expect(requests == Set(Self.everySecretOnce))
            #expect(!server.process.errors.contains(Self.token))
            #expect(!Self.notes(api).contains { $0.contains(Self.token) })
        }
    }

    /// Who may read a Region's Events learns nothing of Secrets in other namespaces; the log has it.
    @Test func eventsAreNoOracle() async throws {
        let region = Samples.openstackRegion(scheme: "http", secret: "{namespace: private, name: openstack}")
        try await Cluster.run(["--audit-interval", "1"]) {
            try $0.apply(try Self.json(region), to: .regions)
        } _: { api, server in
            let isWritten = try await Server.wait { Self.notes(api).contains { $0.contains("[openstack-endpoint]") } }
            #expect(isWritten)
            let rules = server.lines("found by the audit").map { $0["rule"] as? String }
            #expect(rules.contains("openstack-secret-exists"))
            #expect(!Self.notes(api).contains { $0.contains("private") || $0.contains("[openstack-secret") })
        }
    }

    /// A class on a control-plane Node is found without anybody touching the Node.
    @Test func controlPlaneNodes() async throws {
        let mark = "  labels:\n    node-role.kubernetes.io/control-plane: \"\"\n"
        try await Cluster.run(["--audit-interval", "1"]) { api in
            try api.apply(try Self.json(Samples.region()), to: .regions)
            try api.apply(try Self.json(Samples.node()), to: .nodes)
            try api.apply(
                try Self.json(Samples.node(name: "master").replacing("  labels:\n", with: mark)), to: .nodes)
        } _: { api, server in
            let one = Self.count("node-class-control-plane", "warn", 1)
            #expect(try await Server.wait { try await Self.metrics(server).contains(one) })
            let found = server.lines("found by the audit")
            #expect(found.map { $0["object"] as? String } == ["Node master"], "\(found)")
            try api.apply(try Self.json(Samples.node(name: "master")), to: .nodes)
            #expect(try await Server.wait { server.lines("no longer found by the audit").count == 1 })
        }
    }
}
