import TestSupport
import Testing
import TLS

/// What is said about files that cannot be used.
@Suite struct ServerContextTests {
    private let authority: TestAuthority
    private let configuration: TLSServerConfiguration

    init() throws {
        authority = try TestAuthority()
        configuration = authority.configuration
    }

    private func failure(_ change: (inout TLSServerConfiguration) throws -> Void) throws -> TLSError {
        var changed = configuration
        try change(&changed)
        do {
            _ = try TLSServerContext(changed)
        } catch {
            return error
        }
        throw TestFailure("the context was made")
    }

    @Test func goodFilesMakeAContext() throws {
        let context = try TLSServerContext(configuration)
        #expect(context.warnings == [])
        #expect(context.certificate.subject == "CN=test server")
        #expect(!context.certificate.isCA)
        let validity = context.certificate.notAfter - context.certificate.notBefore
        #expect(validity == 86_400 + 300)
    }

    @Test func missingFilesAreNamed() throws {
        let missing = "/nonexistent/file.pem"
        let expected = TLSError.fileUnreadable(file: missing, reason: "No such file or directory")
        #expect(try failure { $0.certificateChainFile = missing } == expected)
        #expect(try failure { $0.privateKeyFile = missing } == expected)
        #expect(try failure { $0.clientCAFile = missing } == expected)
        #expect(expected.description == "/nonexistent/file.pem: cannot be read: No such file or directory")
    }

    @Test func aDirectoryIsNoFile() throws {
        let path = authority.directory.path
        #expect(
            try failure { $0.privateKeyFile = path } == .fileUnreadable(file: path, reason: "Is a directory"))
    }

    @Test func aFileThatIsTooLargeIsNotRead() throws {
        let path = try authority.directory.write("large", [UInt8](repeating: 0x20, count: (1 << 20) + 1))
        #expect(
            try failure { $0.certificateChainFile = path }
                == .fileUnreadable(file: path, reason: "larger than 1048576 bytes"))
    }

    @Test func textWithoutPEMIsNamed() throws {
        let path = try authority.directory.write("not.pem", "hello\n")
        #expect(try failure { $0.certificateChainFile = path } == .noCertificate(file: path))
        #expect(try failure { $0.privateKeyFile = path } == .noPrivateKey(file: path))
        #expect(try failure { $0.clientCAFile = path } == .noCertificate(file: path))
        let empty = try authority.directory.write("empty.pem", "")
        #expect(try failure { $0.privateKeyFile = empty } == .noPrivateKey(file: empty))
    }

    @Test func swappedFilesAreNamed() throws {
        let (certificate, key) = (configuration.certificateChainFile, configuration.privateKeyFile)
        #expect(try failure { $0.certificateChainFile = key } == .noCertificate(file: key))
        #expect(try failure { $0.privateKeyFile = certificate } == .noPrivateKey(file: certificate))
    }

    @Test func damagedPEMIsNamed() throws {
        let certificate = try authority.directory.write(
            "bad.crt", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        guard
            case .invalidCertificate(certificate, let reasons) = try failure({ $0.certificateChainFile = certificate })
        else { throw TestFailure("another error") }
        #expect(!reasons.isEmpty)
        let key = try authority.directory.write(
            "bad.key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
        guard case .invalidPrivateKey(key, _) = try failure({ $0.privateKeyFile = key }) else {
            throw TestFailure("another error")
        }
        let cut = Array(try TemporaryDirectory.contents(of: configuration.privateKeyFile).dropLast(40))
        let cutKey = try authority.directory.write("cut.key", cut)
        guard case .invalidPrivateKey(cutKey, _) = try failure({ $0.privateKeyFile = cutKey }) else {
            throw TestFailure("another error")
        }
    }

    @Test func aDamagedSecondCertificateIsNoticed() throws {
        let good = String(
            decoding: try TemporaryDirectory.contents(of: configuration.certificateChainFile), as: UTF8.self)
        let path = try authority.directory.write(
            "chain.crt", good + "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
        guard case .invalidCertificate(path, _) = try failure({ $0.certificateChainFile = path }) else {
            throw TestFailure("another error")
        }
    }

    @Test(arguments: ["-traditional", "-topk8"])
    func anEncryptedKeyIsNamedAndNobodyIsAsked(_ form: String) async throws {
        let path = authority.directory.path + "/encrypted.key"
        let command =
            form == "-topk8"
            ? "openssl pkcs8 -topk8 -in $1 -out $2 -passout pass:secret"
            : "openssl ec -aes128 -in $1 -out $2 -passout pass:secret"
        let made = try await Shell.run(command, configuration.privateKeyFile, path)
        #expect(made.status == 0)
        let error = try failure { $0.privateKeyFile = path }
        #expect(error == .encryptedPrivateKey(file: path))
        #expect(error.description == "\(path): the private key is encrypted; store it without a pass phrase")
    }

    @Test func theKeyOfAnotherCertificateIsNamed() throws {
        let other = try TestAuthority()
        let key = other.configuration.privateKeyFile
        #expect(
            try failure { $0.privateKeyFile = key }
                == .keyMismatch(keyFile: key, certificateFile: configuration.certificateChainFile))
    }

    @Test func anExpiredCertificateIsAWarning() throws {
        let start = TestAuthority.now - 2 * 86_400
        let authority = try TestAuthority(serverStart: start)
        let file = authority.configuration.certificateChainFile
        #expect(
            try TLSServerContext(authority.configuration).warnings
                == [.expired(file: file, subject: "CN=test server", notAfter: start + 86_400)])
    }

    @Test func aCertificateOfTheFutureIsAWarning() throws {
        let start = TestAuthority.now + 86_400
        let authority = try TestAuthority(serverStart: start)
        let file = authority.configuration.certificateChainFile
        #expect(
            try TLSServerContext(authority.configuration).warnings
                == [.notYetValid(file: file, subject: "CN=test server", notBefore: start - 300)])
    }

    @Test(arguments: ["rsa:2048", "rsa:1024"])
    func rsaWorksIfItIsLongEnough(_ kind: String) async throws {
        let (key, certificate) = (authority.directory.path + "/rsa.key", authority.directory.path + "/rsa.crt")
        let made = try await Shell.run(
            "openssl req -x509 -newkey $1 -nodes -keyout $2 -out $3 -subj /CN=rsa -days 1", kind, key, certificate)
        #expect(made.status == 0)
        let rsa = TLSServerConfiguration(certificateChainFile: certificate, privateKeyFile: key)
        if kind == "rsa:2048" {
            let server = try await TestServer(rsa)
            let result = try await Shell.run(
                "curl -sS --cacert $2 https://rsa:$1/ --resolve rsa:$1:127.0.0.1",
                "\(server.port)", certificate)
            #expect(result.output == "kk\n")
            try await server.stop()
        } else {
            #expect(throws: TLSError.invalidCertificate(file: certificate, reasons: ["ee key too small"])) {
                try TLSServerContext(rsa)
            }
        }
    }
}
