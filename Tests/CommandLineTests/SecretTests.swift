import Foundation
import TestSupport
import Testing

/// Secrets and the kubeconfigs in them.
@Suite(.oneAtATime) struct SecretTests {
    private static let token = "very-secret-token"

    private func kubeconfig(_ user: String = "token: \(SecretTests.token)", server: String = "https://example.com")
        -> String
    {
        """
        apiVersion: v1
        kind: Config
        current-context: c
        contexts: [{name: c, context: {cluster: k, user: u}}]
        clusters: [{name: k, cluster: {server: "\(server)"}}]
        users: [{name: u, user: {\(user)}}]

        """
    }

    private func secret(_ kubeconfig: String, key: String = "kubeconfig", namespace: String = "unikorn-region")
        -> String
    {
        let data = Data(Placeholders.fill(kubeconfig).utf8).base64EncodedString()
        return """
            ---
            apiVersion: v1
            kind: Secret
            metadata: {namespace: \(namespace), name: de-central-0-kubeconfig}
            data: {\(key): \(data)}

            """
    }

    private func judge(_ secret: String, _ flags: [String] = []) async throws -> ParsedReport {
        try await ParsedReport(judging: Samples.region() + secret, flags)
    }

    @Test func goodKubeconfig() async throws {
        let report = try await judge(secret(kubeconfig()))
        #expect(report.findings.isEmpty)
        #expect(report.summary.objects == 1 && report.summary.skipped == 1)
    }

    @Test func secretBeforeItsRegion() async throws {
        let text = secret(kubeconfig(server: "http://example.com")) + "---\n" + Samples.region()
        #expect(try await ParsedReport(judging: text).errors == ["kubeconfig-secret-content"])
    }

    @Test func absentSecret() async throws {
        #expect(try await judge("").findings.isEmpty)
        let report = try await judge("", ["--complete"])
        #expect(report.errors == ["kubeconfig-secret-exists"])
        #expect(report.findings.first?.line == 11)
        #expect(try await judge(secret(kubeconfig()), ["--complete"]).findings.isEmpty)
        let elsewhere = secret(kubeconfig(), namespace: "elsewhere")
        #expect(try await judge(elsewhere, ["--complete"]).errors == ["kubeconfig-secret-exists"])
    }

    @Test func secretWithoutTheKey() async throws {
        #expect(try await judge(secret(kubeconfig(), key: "config")).errors == ["kubeconfig-secret-exists"])
    }

    @Test func stringData() async throws {
        let text = kubeconfig(server: "http://x").split(separator: "\n").map { "    \($0)\n" }.joined()
        let secret = """
            ---
            apiVersion: v1
            kind: Secret
            metadata: {namespace: unikorn-region, name: de-central-0-kubeconfig}
            stringData:
              kubeconfig: |
            \(text)
            """
        #expect(try await judge(secret).errors == ["kubeconfig-secret-content"])
    }

    @Test(arguments: [
        ("server: \"http://example.com\"", "clusters[].cluster.server: is no https URL"),
        ("server: \"https://example.com\", certificate-authority: /etc/ca.crt", "points to a file"),
        ("server: \"https://example.com\", certificate-authority-data: \"####\"", "is not base64"),
        ("server: \"https://example.com\", certificate-authority-data: aGVsbG8=", "certificate-authority-data"),
        ("proxy-url: x", "server: is not set"),
    ])
    func badCluster(_ cluster: String, _ reason: String) async throws {
        let bad = kubeconfig().replacing("server: \"https://example.com\"", with: cluster)
        let report = try await judge(secret(bad))
        #expect(report.errors == ["kubeconfig-secret-content"])
        #expect(report.findings.contains { $0.message.contains(reason) }, "\(report)")
    }

    @Test(arguments: [
        ("current-context: c", "current-context: d", "current-context: names no entry of contexts"),
        ("current-context: c", "x: y", "current-context: is not set"),
        ("cluster: k,", "cluster: l,", "context.cluster: names no entry of clusters"),
        ("user: u}", "user: v}", "context.user: names no entry of users"),
        ("kind: Config", "kind: [", "is not YAML: line"),
    ])
    func badReferences(_ found: String, _ replacement: String, _ reason: String) async throws {
        let report = try await judge(secret(kubeconfig().replacing(found, with: replacement)))
        #expect(report.errors == ["kubeconfig-secret-content"])
        #expect(report.findings.contains { $0.message.contains(reason) }, "\(report)")
    }

    @Test func pluginsWarn() async throws {
        let report = try await judge(secret(kubeconfig("exec: {command: aws}")))
        #expect(report.rules == ["kubeconfig-secret-content"] && report.errors.isEmpty)
    }

    @Test(arguments: [
        ("valid", [String](), [String]()), ("soon", [], ["kubeconfig-certificate-expiry"]),
        ("expired", ["kubeconfig-certificate-expiry"], []), ("future", ["kubeconfig-certificate-expiry"], []),
    ])
    func certificates(_ state: String, _ errors: [String], _ warnings: [String]) async throws {
        // Without a key it is no use: that is not this test's fault to find.
        let user = "client-certificate-data: @CLIENT_CERTIFICATE:\(state)@, client-key: \"\""
        let report = try await judge(secret(kubeconfig(user)), ["--rule", "kubeconfig-secret-content=off"])
        #expect(report.errors == Set(errors), "\(report)")
        #expect(report.rules.subtracting(report.errors) == Set(warnings))
    }

    @Test func keyOfAnotherCertificate() async throws {
        let user = "client-certificate-data: @CLIENT_CERTIFICATE:soon@, client-key-data: @CLIENT_KEY@"
        let report = try await judge(secret(kubeconfig(user)))
        #expect(report.of("kubeconfig-secret-content").contains { $0.message.contains("is not the key of") })
        let pair = user.replacing("soon", with: "valid")
        #expect(try await judge(secret(kubeconfig(pair))).findings.isEmpty)
    }

    /// Not a byte of a Secret is printed, whatever is wrong with it.
    @Test func noSecretIsPrinted() async throws {
        let wrong = kubeconfig("token: \(Self.token), tokenFile: \(Self.token), client-key-data: \(Self.token)")
        for text in [wrong, kubeconfig() + "\(Self.token): [", Self.token, kubeconfig(server: "http://\(Self.token)")] {
            for flags in [["-o", "text"], ["-o", "json"]] {
                let run = try await Program.validate(Samples.region() + secret(text), flags)
                #expect(run.code == 1, "\(run)")
                #expect(!run.output.contains(Self.token) && !run.errors.contains(Self.token), "\(run)")
            }
        }
    }

    @Test func openstackSecret() async throws {
        let region =
            Samples.openstackRegion(secret: "{namespace: elsewhere, name: credentials}") + """
                ---
                apiVersion: v1
                kind: Secret
                metadata: {namespace: elsewhere, name: credentials}
                stringData: {domain-id: a, user-id: b, password: \(Self.token)}

                """
        let run = try await Program.validate(region, ["-o", "json"])
        let report = try ParsedReport(run)
        #expect(report.errors == ["openstack-secret-exists"])
        #expect(report.findings.first?.message.contains("project-id") == true)
        #expect(!run.output.contains(Self.token))
        let whole = region.replacing("user-id: b", with: "user-id: b, project-id: c")
        #expect(try await ParsedReport(judging: whole, ["--complete"]).findings.isEmpty)
    }
}
