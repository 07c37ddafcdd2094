import Foundation
import Glibc
import Manifests
import TLS
import TestSupport
import Testing

/// The files that are shipped beside the code: they build, and the code can work with them.
@Suite("Shipped manifests and certificates")
struct ShippedManifestsTests {
    /// Runs a shell command in the root of the package; what it printed and its exit code.
    ///
    /// Not by Foundation's Process: that reads past the end of a buffer, which ends a run under the address sanitizer.
    private static func shell(_ command: String) -> (output: [UInt8], status: Int32) {
        let line = "cd '\(PackageFiles.root.path)' && \(command) </dev/null"
        guard let stream = popen(line, "re") else { return ([], -1) }
        var output: [UInt8] = []
        while true {
            let byte = getc(stream)
            if byte == EOF { break }
            output.append(UInt8(truncatingIfNeeded: byte))
        }
        return (output, pclose(stream))
    }

    private static func isInstalled(_ command: String) -> Bool { shell("command -v \(command)").status == 0 }

    private static let hasKubectl = isInstalled("kubectl")

    private func build(_ directory: String) throws -> [UInt8] {
        let (output, status) = Self.shell("kubectl kustomize manifests/\(directory)")
        try #require(status == 0)
        return output
    }

    @Test(.enabled(if: hasKubectl, "kubectl is not installed"), arguments: ["base", "webhooks", "quantity-policy"])
    func kustomizationBuilds(_ directory: String) throws {
        #expect(try !build(directory).isEmpty)
    }

    /// They are applied last, so they must not come with the server.
    @Test(.enabled(if: hasKubectl, "kubectl is not installed"), arguments: ["base", "quantity-policy"])
    func onlyWebhooksHoldsWebhookConfigurations(_ directory: String) throws {
        let manifests = try String(decoding: build(directory), as: UTF8.self)
        #expect(!manifests.contains("WebhookConfiguration"))
    }

    @Test(.enabled(if: hasKubectl, "kubectl is not installed"))
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

    @Test(.enabled(if: isInstalled("openssl"), "openssl is not installed"))
    func certificatesWithTheOpensslCommand() {
        #expect(Self.shell("certs/check").status == 0)
    }
}
