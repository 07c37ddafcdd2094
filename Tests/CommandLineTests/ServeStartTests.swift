import Testing

/// What keeps `serve` from starting: one line that says what to put right, exit code 2, and no trap.
@Suite(.oneAtATime) struct ServeStartTests {
    /// Runs with the usual flags but for those that are changed, or, where empty, left out; what it says.
    private func fail(_ scratch: Scratch, _ changes: [String: String] = [:], _ more: [String] = []) async throws
        -> String
    {
        var arguments: [String] = []
        var index = Server.flags.startIndex
        while index < Server.flags.endIndex {
            let flag = Server.flags[index]
            let hasValue = flag.hasPrefix("--") && flag != "--standalone"
            if let change = changes[flag] {
                if !change.isEmpty { arguments += [flag, change] }
            } else {
                arguments += hasValue ? [flag, Server.flags[index + 1]] : [flag]
            }
            index += hasValue ? 2 : 1
        }
        let run = try await Program.run(arguments + more, in: scratch)
        #expect(run.code == 2, "\(run)")
        #expect(run.output.isEmpty)
        let prefix = "unikorn-region-webhook: "
        let lines = run.errors.split(separator: "\n").filter { !$0.hasPrefix("{") }.joined(separator: "\n")
        #expect(lines.hasPrefix(prefix), "\(run)")
        return String(lines.dropFirst(prefix.count))
    }

    private func certificates() async throws -> Scratch {
        let scratch = try Scratch()
        try await Server.certificates(in: scratch)
        return scratch
    }

    @Test(
        arguments: [
            ([], "there is no cluster to ask: this is no Pod, and neither --kubeconfig nor KUBECONFIG names one"),
            (["--kubeconfig", "missing"], "the kubeconfig cannot be read: missing: No such file or directory"),
            (["--kubeconfig", "empty"], "empty: current-context is not set, and no --context was given"),
            (["--kubeconfig", "empty", "--context", "x"], "empty: there is no context \"x\""),
            (
                ["--inventory", "empty"],
                "--inventory is for --standalone: use --regions-from files=PATH or "
                    + "--nodes-from files=PATH"
            ),
            (["--regions-from", "files=missing"], "inventory: missing: No such file or directory"),
            (
                ["--nodes-from", "kubeconfig=missing", "--regions-from", "files=none.yaml"],
                "the kubeconfig cannot be read: missing: No such file or directory"
            ),
            (["--max-inventory-age", "0"], "--max-inventory-age is 1 or more seconds, found 0"),
        ] as [([String], String)]) func withoutACluster(_ flags: [String], _ expected: String) async throws
    {
        let scratch = try await certificates()
        try scratch.write("empty", "")
        try scratch.write("none.yaml", "")
        let message = try await fail(scratch, ["--standalone": ""], flags)
        #expect(message == expected)
    }

    @Test func standaloneAsksNoCluster() async throws {
        let message = try await fail(try await certificates(), [:], ["--kubeconfig", "x"])
        #expect(message == "--standalone asks no cluster: leave out --kubeconfig")
    }

    @Test func keyOfAnotherCertificate() async throws {
        let scratch = try await certificates()
        try await Server.certificates(in: scratch, "e")
        let message = try await fail(scratch, ["--tls-private-key-file": "e/tls.key"])
        #expect(message == "e/tls.key: the private key does not match the certificate in d/tls.crt")
    }

    @Test func files() async throws {
        let scratch = try await certificates()
        #expect(
            try await fail(scratch, ["--tls-cert-file": "x.crt"]) == "x.crt: cannot be read: No such file or directory")
        #expect(
            try await fail(scratch, ["--tls-private-key-file": "x.key"])
                == "x.key: cannot be read: No such file or directory")
        #expect(
            try await fail(scratch, [:], ["--client-ca-file", "x.ca"])
                == "x.ca: cannot be read: No such file or directory")
        #expect(
            try await fail(scratch, ["--tls-cert-file": "d/tls.key"]).hasPrefix("d/tls.key: holds no PEM certificate"))
        #expect(
            try await fail(scratch, ["--tls-private-key-file": "d/tls.crt"]).hasPrefix(
                "d/tls.crt: holds no PEM private key"))
        try scratch.write("broken.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        #expect(
            try await fail(scratch, ["--tls-cert-file": "broken.crt"]).hasPrefix("broken.crt: unusable certificate"))
        #expect(try await fail(scratch, ["--tls-cert-file": ""]).contains("--tls-cert-file"))
    }

    @Test func encryptedKey() async throws {
        let scratch = try await certificates()
        let script = "openssl pkey -in d/tls.key -aes256 -passout pass:x -out secret.key"
        #expect(try await Program.shell(script, in: scratch).code == 0)
        let message = try await fail(scratch, ["--tls-private-key-file": "secret.key"])
        #expect(message == "secret.key: the private key is encrypted; store it without a pass phrase")
    }

    @Test func portInUse() async throws {
        let scratch = try await certificates()
        let server = try await Server(in: scratch)
        let port = try #require(server.address.split(separator: ":").last.map(String.init))
        #expect(
            try await fail(scratch, ["--secure-port": port]) == "cannot listen on 127.0.0.1:\(port): the port is in use"
        )
        for flag in ["--health-probe-bind-address", "--metrics-bind-address"] {
            let message = try await fail(scratch, [flag: server.health])
            #expect(message == "cannot listen on \(server.health): the port is in use")
        }
        #expect(try await server.stop().code == 0)
    }

    @Test func addresses() async throws {
        let scratch = try await certificates()
        #expect(
            try await fail(scratch, ["--bind-address": "192.0.2.1"])
                == "cannot listen on 192.0.2.1:0: this machine does not have that address")
        #expect(
            try await fail(scratch, ["--bind-address": "no such host"]).contains("neither an IP address nor a name"))
        #expect(try await fail(scratch, ["--secure-port": "70000"]).contains("70000"))
        #expect(
            try await fail(scratch, ["--metrics-bind-address": "8080"])
                == #"--metrics-bind-address is HOST:PORT, :PORT or [IPV6]:PORT, or 0 for nowhere; found "8080""#)
        #expect(try await fail(scratch, ["--health-probe-bind-address": "::1:80"]).contains(#"found "::1:80""#))
    }

    @Test func inventory() async throws {
        let scratch = try await certificates()
        try scratch.write("bad.yaml", "a: b\n---\na: [\n")
        try scratch.write("none/README.md", "")
        #expect(try await fail(scratch, [:], ["--inventory", "x"]) == "inventory: x: No such file or directory")
        #expect(try await fail(scratch, [:], ["--inventory", "bad.yaml"]).hasPrefix("inventory: bad.yaml:4:1: "))
        #expect(
            try await fail(scratch, [:], ["--inventory", "none"])
                == "inventory: none: the directory has no manifests (.yaml, .yml, .json)")
        try scratch.write("many.yaml", String(repeating: "a: }\n---\n", count: 20))
        #expect(try await fail(scratch, [:], ["--inventory", "many.yaml"]).hasSuffix("; and 15 more"))
    }

    @Test(arguments: [
        (["--log-level", "loud"], "loud"), (["--drain-delay=-1"], "--drain-delay is 0 or more seconds, found -1"),
        (["--drain-delay", "soon"], "soon"), (["--event-loops=-1"], "--event-loops is 0 to 1024, found -1"),
        (["--event-loops", "100000"], "--event-loops is 0 to 1024, found 100000"), (["extra"], "extra"),
    ])
    func badFlags(_ flags: [String], _ message: String) async throws {
        #expect(try await fail(try Scratch(), [:], flags).contains(message))
    }
}
