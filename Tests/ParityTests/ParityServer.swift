import Admission
import Foundation
import Logging
import Manifests
import Policy
import TLS
import TestSupport
import WebhookServer

/// The server as `serve --standalone --inventory FILE` runs it, for the time of one fixture.
enum ParityServer {
    /// A CA and a serving certificate for 127.0.0.1, made once.
    private static let files: Result<DevelopmentCertificates.Files, any Error> = Result {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("parity-tls-\(getpid())").path
        return try DevelopmentCertificates.write(directory: directory, names: [.ip("127.0.0.1")])
    }

    /// Serves with the objects of a file as the inventory.
    static func run<Result: Sendable>(
        _ settings: PolicySettings, inventory file: String?, isComplete: Bool,
        _ body: (ReviewClient) async throws -> Result
    ) async throws -> Result {
        let files = try files.get()
        var inventory = try InventoryLoader.load(file.map { [$0] } ?? []).inventory
        inventory.isComplete = isComplete
        if settings.takesDefaultsFromNodes { inventory.applyDefaultsFromNodes() }
        let snapshot = inventory
        let parsing = MemoryBudget(limit: ServerLimits().maxParsingBytes)
        let admission = Admission(policy: Policy(settings))
        let tls = try TLSServerContextProvider(
            TLSServerConfiguration(certificateChainFile: files.serverCertificate, privateKeyFile: files.serverKey))
        var configuration = ServerConfiguration(
            address: ListenAddress(host: "127.0.0.1", port: 0), tls: tls, eventLoopCount: 1,
            logger: Logger(label: "parity") { _ in SwiftLogNoOpLogHandler() }
        ) { AdmissionProcessor(admission: admission, parsing: parsing) { snapshot } }
        configuration.drainDelay = .zero
        let server = WebhookServer(configuration)
        let addresses = try await server.start()
        let authority = try [UInt8](Data(contentsOf: URL(fileURLWithPath: files.authorityCertificate)))
        let client = ReviewClient(
            context: try TLSClientContext(TLSClientConfiguration(trust: .certificates(pem: authority))),
            port: addresses.webhook.port)
        do {
            let result = try await body(client)
            await server.stop()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }
}
