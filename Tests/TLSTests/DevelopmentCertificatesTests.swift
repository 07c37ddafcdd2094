import Glibc
import TestSupport
import Testing
import TLS

/// Certificates that are issued here, judged by OpenSSL's own tools.
@Suite struct DevelopmentCertificatesTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// The permissions of the files, as `ls` sorts them.
    private func modes() async throws -> [Substring] {
        try await Shell.run("stat -c %a $1/*", directory.path).output.split(separator: "\n")
    }

    @discardableResult
    private func write(_ names: [CertificateName] = [.dns("localhost")]) throws -> DevelopmentCertificates.Files {
        try DevelopmentCertificates.write(directory: directory.path, names: names)
    }

    @Test func keysAreTheOwnersAlone() async throws {
        try write()
        #expect(directory.files == ["ca.crt", "ca.key", "tls.crt", "tls.key"])
        #expect(try await modes() == ["644", "600", "644", "600"])
    }

    @Test func filesAreReplacedAndNothingElseIsLeft() async throws {
        let files = try write()
        let first = try TemporaryDirectory.contents(of: files.serverKey)
        // An old file that was readable by everyone does not pass its mode on.
        chmod(files.serverKey, 0o644)
        try write()
        #expect(try TemporaryDirectory.contents(of: files.serverKey) != first)
        #expect(directory.files == ["ca.crt", "ca.key", "tls.crt", "tls.key"])
        #expect(try await modes() == ["644", "600", "644", "600"])
    }

    @Test func aLinkIsReplacedAndNotFollowed() throws {
        let target = try directory.write("target", "untouched")
        symlink(target, directory.path + "/tls.key")
        try write()
        #expect(try TemporaryDirectory.contents(of: target) == Array("untouched".utf8))
    }

    @Test func theDirectoryIsMadeIfItIsMissing() throws {
        let inner = directory.path + "/inner"
        let files = try DevelopmentCertificates.write(directory: inner, names: [.dns("localhost")])
        #expect(files.authorityCertificate == inner + "/ca.crt")
        for file in [files.authorityCertificate, files.authorityKey, files.serverCertificate, files.serverKey] {
            #expect(unlink(file) == 0)
        }
        #expect(rmdir(inner) == 0)
    }

    @Test func aDirectoryThatCannotBeMadeIsNamed() throws {
        #expect(throws: TLSError.fileUnwritable(file: "/nonexistent/x", reason: "No such file or directory")) {
            try DevelopmentCertificates.write(directory: "/nonexistent/x", names: [])
        }
    }

    @Test func opensslAgrees() async throws {
        let names: [CertificateName] = [
            .dns("webhook.unikorn.svc"), .dns("*.example.com"), .ip("192.0.2.1"), .ip("2001:db8::1"),
        ]
        let files = try write(names)
        let text = try await Shell.run(
            "openssl x509 -in $1 -noout -text && openssl x509 -in $2 -noout -text",
            files.serverCertificate, files.authorityCertificate
        ).output
        for expected in [
            "DNS:webhook.unikorn.svc, DNS:*.example.com, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1",
            "TLS Web Server Authentication", "CA:FALSE", "Digital Signature",
            "X509v3 Subject Key Identifier", "X509v3 Authority Key Identifier", "Version: 3", "prime256v1",
            "CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign", "ecdsa-with-SHA256",
        ] { #expect(text.contains(expected), "\(expected)") }

        for (name, isMatch) in [
            ("webhook.unikorn.svc", true), ("a.example.com", true), ("example.com", false),
        ] {
            let result = try await Shell.run(
                "openssl verify -x509_strict -purpose sslserver -verify_hostname $3 -CAfile $2 $1",
                files.serverCertificate, files.authorityCertificate, name)
            #expect((result.status == 0) == isMatch, "\(result.output)")
        }
    }

    @Test func validityIsWhatWasAskedForAndFiveMinutesMore() throws {
        let files = try DevelopmentCertificates.write(
            directory: directory.path, names: [.dns("localhost")],
            validity: .init(authorityDays: 10, serverDays: 2))
        let now = TestAuthority.now
        for (file, days) in [(files.authorityCertificate, Int64(10)), (files.serverCertificate, 2)] {
            let facts = try #require(
                CertificateInspection.certificates(inPEM: TemporaryDirectory.contents(of: file), name: file).first)
            #expect(facts.notAfter - facts.notBefore == days * 86_400 + 300)
            #expect((now - 310...now - 300).contains(facts.notBefore))
            #expect(facts.isCA == (days == 10))
        }
    }

    @Test(arguments: [
        (Int.max, Int64(253_402_300_799)), (4_000_000, 253_402_300_799), (0, now), (-1, now), (.min, now),
    ])
    func noCertificateOutlivesTheYear9999(_ days: Int, _ end: Int64) throws {
        let authority = try CertificateAuthority(commonName: "ca", validity: .init(start: Self.now, days: days))
        let facts = try CertificateInspection.certificates(inPEM: authority.issued.certificatePEM, name: "ca")
        #expect(facts.first?.notAfter == end)
    }

    private static let now = TestAuthority.now

    @Test(
        arguments: [
            ("Webhook.Unikorn.SVC", CertificateName.dns("webhook.unikorn.svc")),
            ("*.example.com", .dns("*.example.com")),
            ("a_b", .dns("a_b")), ("192.0.2.1", .ip("192.0.2.1")), ("2001:DB8:0:0::1", .ip("2001:db8::1")),
            ("", nil), ("a,DNS:b", nil), ("a:b", nil), ("a b", nil), ("-a", nil), ("a-", nil), ("a..b", nil),
            ("a.", nil),
            ("*", nil), ("a.*.b", nil), ("1.2.3", nil), ("1.2.3.4.5", nil), ("[::1]", nil), ("a\u{0}b", nil),
            ("ä", nil),
            ("https://a", nil), (String(repeating: "a", count: 64), nil),
            (String(repeating: "a.", count: 127) + "a", nil),
        ] as [(String, CertificateName?)])
    func namesAreDNSNamesOrAddresses(_ text: String, _ name: CertificateName?) {
        #expect(CertificateName(text) == name)
    }
}
