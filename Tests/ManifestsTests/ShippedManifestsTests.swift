import Foundation
import Manifests
import TLS
import Testing

/// The files that are shipped beside the code: they build, and the code can work with them.
@Suite("Shipped manifests and certificates")
struct ShippedManifestsTests {
    private static let root = URL(fileURLWithPath: #filePath).appending(path: "../../..").standardizedFileURL

    private static func find(_ command: String) -> URL? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map { URL(fileURLWithPath: String($0)).appending(path: command) }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    }

    private static let kubectl = find("kubectl")

    /// Runs a command in the root of the package; what it printed, where it succeeded.
    private func run(_ executable: URL, _ arguments: [String]) throws -> [UInt8] {
        let process = Process()
        let output = Pipe()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = Self.root
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(executable.lastPathComponent) \(arguments)")
        return Array(printed)
    }

    private func build(_ directory: String) throws -> [UInt8] {
        try run(#require(Self.kubectl), ["kustomize", "manifests/\(directory)"])
    }

    @Test(.enabled(if: kubectl != nil, "kubectl is not installed"), arguments: ["base", "webhooks", "quantity-policy"])
    func kustomizationBuilds(_ directory: String) throws {
        #expect(try !build(directory).isEmpty)
    }

    /// They are applied last, so they must not come with the server.
    @Test(.enabled(if: kubectl != nil, "kubectl is not installed"), arguments: ["base", "quantity-policy"])
    func onlyWebhooksHoldsWebhookConfigurations(_ directory: String) throws {
        let manifests = try String(decoding: build(directory), as: UTF8.self)
        #expect(!manifests.contains("WebhookConfiguration"))
    }

    @Test(.enabled(if: kubectl != nil, "kubectl is not installed"))
    func webhooksTakeACABundle() throws {
        let authority = try CertificateAuthority(commonName: "a CA", validity: .init(start: 1_700_000_000, days: 3650))
        let before = try build("webhooks")
        let after = try CABundle.inject(
            into: before, certificates: authority.issued.certificatePEM, file: "ca.crt")
        let lines = String(decoding: after, as: UTF8.self).split(separator: "\n")
        let configs = lines.filter { $0.hasPrefix("  clientConfig:") }
        #expect(configs.count == 4)
        #expect(lines.filter { $0.hasPrefix("    caBundle: ") }.count == configs.count)
        let rest = lines.filter { !$0.hasPrefix("    caBundle: ") }
        #expect(rest == String(decoding: before, as: UTF8.self).split(separator: "\n"))
    }

    @Test(.enabled(if: find("openssl") != nil, "openssl is not installed"))
    func certificatesWithTheOpensslCommand() throws {
        _ = try run(Self.root.appending(path: "certs/check"), [])
    }
}
