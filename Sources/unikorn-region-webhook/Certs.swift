import ArgumentParser
import Manifests
import TLS

/// `certs`: certificates for the webhook.
struct Certs: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certs",
        abstract: "Make certificates, and tell the API server about them.",
        discussion: "Exit codes: 0 done, 2 bad usage or an unreadable path, 3 internal failure.",
        subcommands: [Development.self, Inject.self])

    /// `certs dev`.
    struct Development: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "dev",
            abstract: "Make a CA and a serving certificate, with keys that only their owner can read.",
            discussion: """
                Writes ca.crt, ca.key, tls.crt and tls.key, replacing files of these names, and prints their paths.

                Exit codes: 0 written, 2 bad usage or a directory that cannot be written, 3 internal failure.
                """)

        @Option(help: ArgumentHelp("Where to write.", valueName: "DIR"))
        var out: String

        @Option(
            name: .customLong("name"),
            help: ArgumentHelp(
                "A DNS name or IP address that clients use; may be repeated. Default: the names of the Service.",
                valueName: "NAME"))
        var names: [String] = []

        @Option(help: ArgumentHelp("How long the serving certificate is valid.", valueName: "DAYS"))
        var days = 90

        /// The names under which manifests/ installs the Service, and those for trying it out here.
        private static let serviceNames = [
            "unikorn-region-webhook.unikorn-region-webhook.svc",
            "unikorn-region-webhook.unikorn-region-webhook.svc.cluster.local", "localhost", "127.0.0.1", "::1",
        ]

        func run() throws {
            guard (1...3650).contains(days) else { throw UsageFailure("--days is 1 to 3650, found \(days)") }
            let files: DevelopmentCertificates.Files
            do throws(TLSError) {
                var parsed: [CertificateName] = []
                for name in names.isEmpty ? Self.serviceNames : names {
                    guard let name = CertificateName(name) else { throw TLSError.invalidName(name) }
                    parsed.append(name)
                }
                files = try DevelopmentCertificates.write(
                    directory: out, names: parsed, validity: .init(authorityDays: max(365, days), serverDays: days))
            } catch {
                throw UsageFailure(error.description)
            }
            try Terminal.print(
                [
                    files.authorityCertificate, files.authorityKey, files.serverCertificate, files.serverKey,
                ].joined(separator: "\n"))
        }
    }

    /// `certs inject`.
    struct Inject: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "inject",
            abstract: "Set caBundle in webhook configurations: rendered manifests in, the same manifests out.",
            discussion: """
                kubectl kustomize manifests/webhooks | unikorn-region-webhook certs inject --dir DIR | kubectl apply -f -

                Exit codes: 0 printed, 2 bad usage, no certificate, or manifests that cannot be edited, 3 internal failure.
                """)

        @Option(help: ArgumentHelp("The directory with ca.crt.", valueName: "DIR"))
        var dir: String

        func run() throws {
            let authority = dir + "/ca.crt"
            let manifests: [UInt8]
            do {
                let certificates = try ManifestSource.read(authority)
                manifests = try CABundle.inject(
                    into: try ManifestSource.read("-"), certificates: certificates, file: authority)
            } catch {
                throw UsageFailure("\(error)")
            }
            try Terminal.print(manifests)
        }
    }
}
