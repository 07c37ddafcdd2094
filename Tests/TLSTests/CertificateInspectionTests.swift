import TestSupport
import Testing
import TLS

/// Facts about PEM texts, and errors that say nothing of what is in them.
@Suite struct CertificateInspectionTests {
    private let authority: TestAuthority
    private let certificate: [UInt8]
    private let key: [UInt8]

    init() throws {
        authority = try TestAuthority()
        certificate = try TemporaryDirectory.contents(of: authority.configuration.certificateChainFile)
        key = try TemporaryDirectory.contents(of: authority.configuration.privateKeyFile)
    }

    @Test func everyCertificateOfABundleIsTold() throws {
        let bundle = Array("# our own\n".utf8) + certificate + Array("\nand theirs:\n".utf8) + authority.caPEM
        let facts = try CertificateInspection.certificates(inPEM: bundle, name: "bundle")
        #expect(facts.map(\.subject) == ["CN=test server", "CN=test CA"])
        #expect(facts.map(\.isCA) == [false, true])
        let now = TestAuthority.now
        for fact in facts { #expect(fact.notBefore <= now && now < fact.notAfter) }
    }

    @Test func subjectsAreOneLineOfASCII() throws {
        let strange = try authority.authority.issueClientCertificate(
            commonName: "a,b\n\u{1b}[31mé", validity: .init(start: TestAuthority.now, days: 1))
        let facts = try CertificateInspection.certificates(inPEM: strange.certificatePEM, name: "x")
        #expect(facts.first?.subject == #"CN=a\,b\0A\1B[31m\C3\A9"#)
    }

    @Test(arguments: [
        "", "banana", "-----BEGIN CERTIFICATE-----", "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
    ])
    func textWithoutACertificateIsAnError(_ text: String) {
        #expect(throws: TLSError.self) {
            try CertificateInspection.certificates(inPEM: Array(text.utf8), name: "text")
        }
    }

    @Test func keysAreCheckedAlone() throws {
        try CertificateInspection.checkPrivateKey(inPEM: key, name: "key")
        #expect(throws: TLSError.noPrivateKey(file: "key")) {
            try CertificateInspection.checkPrivateKey(inPEM: certificate, name: "key")
        }
    }

    @Test func keysAreCheckedAgainstTheirCertificate() throws {
        try CertificateInspection.checkPrivateKey(inPEM: key, name: "key", matches: certificate, certificateName: "crt")
        let other = try authority.clientIdentity()
        #expect(throws: TLSError.keyMismatch(keyFile: "key", certificateFile: "crt")) {
            try CertificateInspection.checkPrivateKey(
                inPEM: other.privateKey, name: "key", matches: certificate, certificateName: "crt")
        }
    }

    @Test(arguments: [
        ("EC -pkeyopt ec_paramgen_curve:P-256", true), ("EC -pkeyopt ec_paramgen_curve:P-384", true),
        ("ED25519", false), ("RSA -pkeyopt rsa_keygen_bits:2048", false),
    ])
    func publicKeysAreToldApart(_ algorithm: String, _ isEC: Bool) async throws {
        let made = try await Shell.run("openssl genpkey -algorithm $1 2>/dev/null | openssl pkey -pubout", algorithm)
        // Unquoted in the shell on purpose, so that the options are arguments of their own.
        #expect(made.output.hasPrefix("-----BEGIN PUBLIC KEY-----"))
        #expect(try CertificateInspection.isECPublicKey(inPEM: Array(made.output.utf8), name: "key") == isEC)
    }

    @Test func whatIsNoPublicKeyIsAnError() {
        for text in [certificate, key, []] {
            #expect(throws: TLSError.self) { try CertificateInspection.isECPublicKey(inPEM: text, name: "key") }
        }
    }

    /// Every byte of a key is damaged in turn; whatever becomes of it, no line of it comes out.
    @Test func noErrorQuotesAKey() throws {
        let lines = String(decoding: key, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("-") }
        for index in key.indices {
            var damaged = key
            damaged[index] ^= 0x15
            do {
                try CertificateInspection.checkPrivateKey(inPEM: damaged, name: "key")
            } catch {
                for line in lines { #expect(!"\(error) \(String(reflecting: error))".contains(line.prefix(8))) }
            }
        }
    }

    @Test func aConfigurationDoesNotShowItsKey() throws {
        let configuration = TLSClientConfiguration(trust: .system, identity: try authority.clientIdentity())
        var dumped = ""
        dump(configuration, to: &dumped)
        // The numbers of "-----BEGIN", as an array of bytes is written.
        for text in [dumped, "\(configuration)", String(reflecting: configuration)] {
            #expect(!text.contains("45, 45, 45"))
            #expect(!text.contains("- 45"))
        }
    }
}
