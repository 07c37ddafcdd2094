import Glibc
import Testing

/// `certs dev`, as the openssl command sees what it makes.
@Suite(.oneAtATime) struct CertificateTests {
    private func openssl(_ arguments: [String], in scratch: Scratch) async throws -> Program.Run {
        try await Program.run(command: ["openssl"] + arguments, in: scratch)
    }

    private func names(_ scratch: Scratch) async throws -> String {
        let arguments = ["x509", "-in", "d/tls.crt", "-noout", "-ext", "subjectAltName"]
        return try await openssl(arguments, in: scratch).output
    }

    @Test func files() async throws {
        let scratch = try Scratch()
        let run = try await Program.run(["certs", "dev", "--out", "d"], in: scratch)
        #expect(run.code == 0, "\(run)")
        #expect(run.output == "d/ca.crt\nd/ca.key\nd/tls.crt\nd/tls.key\n")
        #expect(
            try await openssl(["verify", "-CAfile", "d/ca.crt", "d/tls.crt"], in: scratch).output == "d/tls.crt: OK\n")
        let purpose = ["verify", "-purpose", "sslserver", "-CAfile", "d/ca.crt", "d/tls.crt"]
        #expect(try await openssl(purpose, in: scratch).code == 0)
        let name = ["-verify_hostname", "unikorn-region-webhook.unikorn-region-webhook.svc"]
        #expect(try await openssl(["verify"] + name + ["-CAfile", "d/ca.crt", "d/tls.crt"], in: scratch).code == 0)
        for kind in ["ca", "tls"] {
            let certificate = try await openssl(["x509", "-in", "d/\(kind).crt", "-noout", "-pubkey"], in: scratch)
            let key = try await openssl(["pkey", "-in", "d/\(kind).key", "-pubout"], in: scratch)
            #expect(key.code == 0)
            #expect(certificate.output == key.output)
        }
        let found = try await names(scratch)
        for name in ["DNS:localhost", "IP Address:127.0.0.1", "IP Address:0:0:0:0:0:0:0:1", ".svc.cluster.local"] {
            #expect(found.contains(name), "\(found)")
        }
    }

    /// Keys are their owner's, certificates everybody's, whatever the umask says of other files.
    @Test(arguments: ["000", "022", "077", "777"])
    func modes(_ mask: String) async throws {
        let scratch = try Scratch()
        try scratch.write("d/.keep", "")
        let run = try await Program.shell("umask \(mask); exec \"$0\" certs dev --out d", in: scratch)
        #expect(run.code == 0, "\(run)")
        for file in ["d/ca.key", "d/tls.key"] { #expect(try scratch.mode(file) == 0o600) }
        for file in ["d/ca.crt", "d/tls.crt"] { #expect(try scratch.mode(file) == 0o644) }
    }

    @Test func existingFilesAreReplaced() async throws {
        let scratch = try Scratch()
        for file in ["ca.crt", "ca.key", "tls.crt", "tls.key"] {
            chmod(try scratch.write("d/" + file, "old"), 0o644)
        }
        try scratch.write("d/other", "kept")
        #expect(try await Program.run(["certs", "dev", "--out", "d"], in: scratch).code == 0)
        let first = Scratch.text(scratch.file("d/tls.key"))
        #expect(first.contains("BEGIN PRIVATE KEY"))
        #expect(try scratch.mode("d/tls.key") == 0o600)
        #expect(try await Program.run(["certs", "dev", "--out", "d"], in: scratch).code == 0)
        #expect(Scratch.text(scratch.file("d/tls.key")) != first)
        #expect(try await openssl(["verify", "-CAfile", "d/ca.crt", "d/tls.crt"], in: scratch).code == 0)
        let list = try await Program.run(command: ["ls", "-A", "d"], in: scratch).output
        #expect(list == "ca.crt\nca.key\nother\ntls.crt\ntls.key\n")
    }

    @Test func names() async throws {
        let scratch = try Scratch()
        let run = try await Program.run(
            ["certs", "dev", "--out", "d", "--name", "webhook.example.com", "--name", "192.0.2.1"], in: scratch)
        #expect(run.code == 0)
        let found = try await names(scratch)
        #expect(found.contains("DNS:webhook.example.com") && found.contains("IP Address:192.0.2.1"))
        #expect(!found.contains("localhost"))
    }

    @Test func days() async throws {
        let scratch = try Scratch()
        #expect(try await Program.run(["certs", "dev", "--out", "d", "--days", "2"], in: scratch).code == 0)
        func isValid(afterDays days: Int) async throws -> Bool {
            let seconds = "\(days * 86_400 - 3_600)"
            return try await openssl(["x509", "-in", "d/tls.crt", "-noout", "-checkend", seconds], in: scratch).code
                == 0
        }
        #expect(try await isValid(afterDays: 2))
        #expect(!(try await isValid(afterDays: 3)))
    }

    @Test(arguments: [
        (["--name", "not a name"], #""not a name" is neither a DNS name nor an IP address"#),
        (["--name", ""], #""" is neither a DNS name nor an IP address"#),
        (["--days", "0"], "--days is 1 to 3650, found 0"),
        (["--days", "3651"], "--days is 1 to 3650, found 3651"), (["--days", "many"], "'many' is invalid for '--days"),
    ])
    func badFlags(_ flags: [String], _ message: String) async throws {
        let scratch = try Scratch()
        let run = try await Program.run(["certs", "dev", "--out", "d"] + flags, in: scratch)
        #expect(run.code == 2)
        #expect(run.errors.contains(message), "\(run)")
        #expect(access(scratch.file("d"), F_OK) != 0, "nothing is written")
    }

    @Test(arguments: ["/proc/nowhere", "file", "no/such/parent"])
    func directoryThatCannotBeWritten(_ directory: String) async throws {
        let scratch = try Scratch()
        try scratch.write("file", "")
        let run = try await Program.run(["certs", "dev", "--out", directory], in: scratch)
        #expect(run.code == 2, "\(run)")
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("unikorn-region-webhook: \(directory)"), "\(run)")
        #expect(run.errors.contains("cannot be written: "))
    }

    @Test func noDirectory() async throws {
        let run = try await Program.run(["certs", "dev"])
        #expect(run.code == 2)
        #expect(run.errors.contains("--out"))
    }
}
