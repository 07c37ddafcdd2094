import Foundation
import TestSupport
import Testing

/// `certs inject`: manifests in, the same manifests with their `caBundle` out.
@Suite(.oneAtATime) struct InjectTests {
    private static let manifests = """
        # the webhooks
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: w}
        webhooks:
        - name: a
          clientConfig:
            service: {name: s, namespace: n}   # kept
        ---
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: c}

        """

    private func certificates() async throws -> Scratch {
        let scratch = try Scratch()
        #expect(try await Program.run(["certs", "dev", "--out", "d"], in: scratch).code == 0)
        return scratch
    }

    @Test func bundleIsSetAndNothingElseChanged() async throws {
        let scratch = try await certificates()
        let run = try await Program.run(["certs", "inject", "--dir", "d"], in: scratch, input: Self.manifests)
        #expect(run.code == 0, "\(run)")
        let bundle = Data(Scratch.text(scratch.file("d/ca.crt")).utf8).base64EncodedString()
        #expect(
            run.output
                == Self.manifests.replacing("    service:", with: "    caBundle: \(bundle)\n    service:"))
        let again = try await Program.run(["certs", "inject", "--dir", "d"], in: scratch, input: run.output)
        #expect(again.output == run.output)
    }

    @Test func bundleIsReplaced() async throws {
        let (first, second) = (try await certificates(), try await certificates())
        let once = try await Program.run(["certs", "inject", "--dir", "d"], in: first, input: Self.manifests)
        let twice = try await Program.run(["certs", "inject", "--dir", "d"], in: second, input: once.output)
        let direct = try await Program.run(["certs", "inject", "--dir", "d"], in: second, input: Self.manifests)
        #expect(twice.output == direct.output)
        #expect(twice.output != once.output)
    }

    @Test func shippedManifests() async throws {
        let scratch = try await certificates()
        for file in ["mutating.yaml", "validating.yaml"] {
            let path = PackageFiles.root.appendingPathComponent("manifests/webhooks/\(file)").path
            let run = try await Program.run(["certs", "inject", "--dir", "d"], in: scratch, input: Scratch.text(path))
            #expect(run.code == 0, "\(run)")
            #expect(run.output.contains("caBundle: "))
        }
    }

    @Test(arguments: [
        ("", "no webhook configuration with a clientConfig"),
        ("kind: ConfigMap\napiVersion: v1\n", "no webhook configuration with a clientConfig"),
        ("a: [", "1:"),
        ("kind: MutatingWebhookConfiguration\nwebhooks: [{clientConfig: 5}]\n", "clientConfig: expected a mapping"),
    ])
    func badManifests(_ manifests: String, _ message: String) async throws {
        let run = try await Program.run(
            ["certs", "inject", "--dir", "d"], in: try await certificates(), input: manifests)
        #expect(run.code == 2)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains(message), "\(run)")
    }

    @Test func badCertificates() async throws {
        let scratch = try await certificates()
        func message(_ directory: String) async throws -> String {
            let run = try await Program.run(
                ["certs", "inject", "--dir", directory], in: scratch, input: Self.manifests)
            #expect(run.code == 2)
            #expect(run.output.isEmpty)
            return run.errors
        }
        #expect(try await message("nowhere") == "unikorn-region-webhook: nowhere/ca.crt: No such file or directory\n")
        try scratch.write("e/ca.crt", "hello")
        #expect(try await message("e").contains("e/ca.crt: holds no PEM certificate"))
        try scratch.write("f/ca.crt", Scratch.text(scratch.file("d/ca.crt")) + Scratch.text(scratch.file("d/ca.key")))
        #expect(try await message("f").contains("f/ca.crt: holds a private key"))
    }

    @Test func outputThatCannotBeWritten() async throws {
        let scratch = try await certificates()
        try scratch.write("manifests", Self.manifests)
        let run = try await Program.shell(#""$0" certs inject --dir d <manifests >/dev/full"#, in: scratch)
        #expect(run.code == 3)
    }
}
