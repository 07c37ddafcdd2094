import NIOCore
import TLS

/// The TLS context of new connections. Where it is made of files they are read again now and then: certificates of
/// kubelets and of service accounts' CAs are replaced while a process runs. Confined to the client's event loop.
final class ClientTLS: @unchecked Sendable {
    /// A certificate is replaced days before it expires, and the old one remains good until then.
    static let maximumAge = TimeAmount.seconds(60)

    private let configuration: ClientConfiguration
    private let maximumAge: TimeAmount
    private var made: (context: TLSClientContext, texts: [[UInt8]], at: NIODeadline)?

    init(_ configuration: ClientConfiguration, maximumAge: TimeAmount = ClientTLS.maximumAge) {
        self.configuration = configuration
        self.maximumAge = maximumAge
    }

    private var hasFiles: Bool {
        [configuration.trust, configuration.clientCertificate, configuration.clientKey].contains { $0?.isFile ?? false }
    }

    /// The context for a new connection. Reads small files now and then; while one cannot be used the last good context
    /// serves on.
    func current(at now: NIODeadline = .now()) throws(KubernetesError) -> TLSClientContext {
        if let made, !hasFiles || now - made.at < maximumAge { return made.context }
        do throws(ClientConfigurationError) {
            let texts = try read()
            if let made, made.texts == texts {
                self.made?.at = now
                return made.context
            }
            let context = try Self.makeContext(configuration, texts)
            made = (context, texts, now)
            return context
        } catch {
            guard let made else { throw KubernetesError(.credentials(error.description)) }
            // Not tried again for each request meanwhile.
            self.made?.at = now
            return made.context
        }
    }

    /// Trust, certificate and key; empty for those that are not set.
    private func read() throws(ClientConfigurationError) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        for source in [configuration.trust, configuration.clientCertificate, configuration.clientKey] {
            do throws(CredentialFileError) {
                texts.append(try source?.read() ?? [])
            } catch {
                throw ClientConfigurationError(error.text)
            }
        }
        return texts
    }

    private static func makeContext(
        _ configuration: ClientConfiguration, _ texts: [[UInt8]]
    ) throws(ClientConfigurationError) -> TLSClientContext {
        var tls = TLSClientConfiguration(
            trust: configuration.trust == nil ? .system : .certificates(pem: texts[0]))
        if configuration.clientCertificate != nil {
            tls.identity = .init(certificateChain: texts[1], privateKey: texts[2])
        }
        do throws(TLSError) {
            return try TLSClientContext(tls)
        } catch {
            throw ClientConfigurationError("\(configuration.origin): \(error.description)")
        }
    }
}
