import Documents
import KubernetesTypes
import Manifests
import TLS
import Testing

/// Certificates are made anew for each run: none may stand in a file.
private enum Authority {
    static func make() throws -> CertificateAuthority.Issued {
        try CertificateAuthority(commonName: "a CA", validity: .init(start: 1_700_000_000, days: 3650)).issued
    }
}

@Suite("CA bundles in webhook configurations")
struct CABundleTests {
    private let authority: CertificateAuthority.Issued
    private let bundle: String

    init() throws {
        authority = try Authority.make()
        bundle = Self.base64(authority.certificatePEM)
    }

    /// Independent of the code under test, and slow.
    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - UInt8($0)) & 1 } }
        var text = stride(from: 0, to: bits.count, by: 6).map { start -> Character in
            digits[(start..<start + 6).reduce(0) { $0 * 2 + ($1 < bits.count ? Int(bits[$1]) : 0) }]
        }
        while text.count % 4 != 0 { text.append("=") }
        return String(text)
    }

    private func inject(_ manifests: String) throws(CABundleError) -> String {
        let result = try CABundle.inject(
            into: Array(manifests.utf8), certificates: authority.certificatePEM, file: "tls/ca.crt")
        return String(decoding: result, as: UTF8.self)
    }

    /// A configuration whose only webhook has this `clientConfig`, and more behind it.
    private func configuration(_ clientConfig: String) -> String {
        """
        # kept
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        webhooks:
        - admissionReviewVersions: [v1]
        \(clientConfig.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "  " + $0 }.joined(separator: "\n"))
          name: validate.region.unikorn-cloud.org   # kept
        """
    }

    /// Forms a `clientConfig` is written in, with and without a bundle, and what becomes of them; `@` is the bundle.
    private static let forms: [(before: String, after: String)] = [
        ("clientConfig:\n  service:\n    name: s", "clientConfig:\n  caBundle: @\n  service:\n    name: s"),
        ("clientConfig: # where\n\n    url: u", "clientConfig: # where\n\n    caBundle: @\n    url: u"),
        ("clientConfig:\n  caBundle: b2xk\n  url: u", "clientConfig:\n  caBundle: @\n  url: u"),
        ("clientConfig:\n  url: u\n  caBundle: b2xk # old", "clientConfig:\n  url: u\n  caBundle: @ # old"),
        ("clientConfig:\n  caBundle: \"b2\\\"xk\"\n  url: u", "clientConfig:\n  caBundle: @\n  url: u"),
        ("clientConfig:\n  caBundle: 'b2''xk'\n  url: u", "clientConfig:\n  caBundle: @\n  url: u"),
        ("clientConfig:\n  caBundle: \"b2xk\n    b2xk\"\n  url: u", "clientConfig:\n  caBundle: @\n  url: u"),
        ("clientConfig:\n  caBundle: b2xk\n    b2xk\n    b2xk\n  url: u", "clientConfig:\n  caBundle: @\n  url: u"),
        ("clientConfig:\n  caBundle: |-\n    b2xk\n\n    b2xk\n  url: u", "clientConfig:\n  caBundle: @\n  url: u"),
        (
            "clientConfig:\n  caBundle: >\n    b2xk\n\n  # kept\n  url: u",
            "clientConfig:\n  caBundle: @\n\n  # kept\n  url: u"
        ),
        ("clientConfig:\n  caBundle:\n  url: u", "clientConfig:\n  caBundle: @\n  url: u"),
        ("clientConfig:\n  caBundle: # none\n  url: u", "clientConfig:\n  caBundle: @ # none\n  url: u"),
        ("clientConfig:\n  caBundle: null\n  url: u", "clientConfig:\n  caBundle: @\n  url: u"),
        ("clientConfig:\n  caBundle: ~\n  url: u", "clientConfig:\n  caBundle: @\n  url: u"),
        ("clientConfig:\n  caBundle: \"\"\n  url: u", "clientConfig:\n  caBundle: @\n  url: u"),
        ("clientConfig: {url: u}", "clientConfig: {\"caBundle\": \"@\", url: u}"),
        ("clientConfig: {}", "clientConfig: {\"caBundle\": \"@\"}"),
        ("clientConfig: {caBundle: b2xk, url: u}", "clientConfig: {caBundle: \"@\", url: u}"),
        ("clientConfig: {url: u, caBundle: null}", "clientConfig: {url: u, caBundle: \"@\"}"),
        ("clientConfig: {url: u, caBundle: }", "clientConfig: {url: u, caBundle:  \"@\"}"),
        ("clientConfig: &c\n  url: u", "clientConfig: &c\n  caBundle: @\n  url: u"),
        ("\"clientConfig\":\n  'caBundle' : b2xk\n  url: ü", "\"clientConfig\":\n  'caBundle' : @\n  url: ü"),
    ]

    @Test(arguments: forms)
    func form(_ before: String, _ after: String) throws {
        let expected = configuration(after.replacing("@", with: bundle))
        #expect(try inject(configuration(before)) == expected)
        #expect(try inject(expected) == expected, "doing it twice is doing it once")
    }

    @Test func everyWebhookOfEveryConfiguration() throws {
        let before = """
            apiVersion: admissionregistration.k8s.io/v1
            kind: MutatingWebhookConfiguration
            webhooks:
            - clientConfig:
                service: {name: s}
              name: a
            - name: b
              clientConfig:
                service: {name: s}
            ---
            kind: List
            items:
            - webhooks:
              - clientConfig:
                  url: u
              kind: ValidatingWebhookConfiguration
            """
        let after = try inject(before)
        #expect(after.split(separator: "\n").filter { $0.hasSuffix("caBundle: \(bundle)") }.count == 3)
        #expect(after.replacing(#/ *caBundle: .*\n/#, with: "") == before)
    }

    @Test func otherDocumentsPassThrough() throws {
        let others = """
            # clientConfig:
            apiVersion: v1
            kind: ConfigMap
            data:
              example: |
                kind: MutatingWebhookConfiguration
                webhooks:
                - clientConfig:
                    url: u
            ---
            kind: CustomResourceDefinition
            spec:
              conversion:
                webhook:
                  clientConfig:
                    url: u
            ---

            """
        let after = try inject(others + configuration("clientConfig:\n  url: u"))
        #expect(after == others + configuration("clientConfig:\n  caBundle: \(bundle)\n  url: u"))
    }

    @Test func json() throws {
        let before =
            "{\"kind\": \"MutatingWebhookConfiguration\",\n\t\"webhooks\": [{\"clientConfig\": {\"url\": \"u\"}}]}"
        #expect(try inject(before) == before.replacing("{\"url\"", with: "{\"caBundle\": \"\(bundle)\", \"url\""))
    }

    @Test func windowsLineEnds() throws {
        let before = configuration("clientConfig:\n  caBundle: b2xk\n  url: u").replacing("\n", with: "\r\n")
        #expect(try inject(before) == before.replacing("b2xk", with: bundle))
    }

    @Test func anAliasIsEditedWhereItPoints() throws {
        let before = configuration("clientConfig: &c\n  url: u") + "\n- {name: b, clientConfig: *c}"
        #expect(try inject(before) == before.replacing("url: u", with: "caBundle: \(bundle)\n    url: u"))
    }

    @Test(arguments: [
        "", "# nothing\n", "kind: ConfigMap\n", "kind: MutatingWebhookConfiguration\nwebhooks: []\n",
        "webhooks:\n- clientConfig: {url: u}\n",
    ])
    func withoutClientConfig(_ manifests: String) {
        #expect(throws: CABundleError.noClientConfig) { try inject(manifests) }
    }

    @Test(arguments: [
        "clientConfig:", "clientConfig: text", "clientConfig:\n  caBundle: &b b2xk\n  url: u",
        "clientConfig:\n  url: &b b2xk\n  caBundle: *b", "clientConfig:\n  caBundle: !!str b2xk",
        "clientConfig:\n  <<: {url: u}",
    ])
    func notEditable(_ clientConfig: String) {
        let error = #expect(throws: CABundleError.self) { try inject(configuration(clientConfig)) }
        guard case .notEditable(let position, _) = error else {
            Issue.record("expected notEditable, got \(String(describing: error))")
            return
        }
        #expect(position.line > 5)
    }

    @Test func manifestsThatDoNotParse() {
        let error = #expect(throws: CABundleError.self) { try inject("kind: a\nwebhooks: [\n") }
        guard case .manifests(let cause) = error else {
            Issue.record("expected manifests, got \(String(describing: error))")
            return
        }
        #expect(cause.kind == .syntax)
    }

    @Test func severalCertificates() throws {
        let both = try authority.certificatePEM + Authority.make().certificatePEM
        let result = try CABundle.inject(
            into: Array(configuration("clientConfig: {}").utf8), certificates: both, file: "ca.crt")
        #expect(String(decoding: result, as: UTF8.self).contains(Self.base64(both)))
    }

    @Test(arguments: ["", "not PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
    func noCertificate(_ pem: String) {
        let error = #expect(throws: CABundleError.self) {
            try CABundle.inject(
                into: Array(configuration("clientConfig: {}").utf8), certificates: Array(pem.utf8), file: "tls/ca.crt")
        }
        #expect(error.map { "\($0)".hasPrefix("tls/ca.crt: ") } == true)
    }

    @Test func aPrivateKeyIsNeverPublished() {
        #expect(throws: CABundleError.privateKey("tls/ca.crt")) {
            try CABundle.inject(
                into: Array(configuration("clientConfig: {}").utf8),
                certificates: authority.certificatePEM + authority.privateKeyPEM, file: "tls/ca.crt")
        }
    }
}
