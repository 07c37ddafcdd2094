import Foundation
import TLS
import Testing

/// A CA and a server certificate for 127.0.0.1, made once for all tests.
enum TestCertificates {
    static let files: Result<DevelopmentCertificates.Files, any Error> = Result {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("webhook-tls-\(getpid())").path
        return try DevelopmentCertificates.write(directory: directory, names: [.ip("127.0.0.1")])
    }

    /// What a server is given.
    static func server() throws -> TLSServerContextProvider {
        let files = try files.get()
        return try TLSServerContextProvider(
            TLSServerConfiguration(
                certificateChainFile: files.serverCertificate, privateKeyFile: files.serverKey))
    }

    /// What trusts it.
    static let client: Result<TLSClientContext, any Error> = Result {
        let authority = try [UInt8](Data(contentsOf: URL(fileURLWithPath: files.get().authorityCertificate)))
        return try TLSClientContext(TLSClientConfiguration(trust: .certificates(pem: authority)))
    }
}
