package import Logging
import ServiceLifecycle
package import TLS

/// Takes up certificates that were replaced: kubelets swap the files of a Secret, and cert-manager renews them.
package struct CertificateReloader: Service {
    private let provider: TLSServerContextProvider
    private let logger: Logger

    /// Files are looked at this often. A Secret reaches its files within a minute or so, and a certificate is renewed
    /// days before it expires; reading three small files costs nothing.
    package static let interval = Duration.seconds(10)

    package init(provider: TLSServerContextProvider, logger: Logger) {
        self.provider = provider
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var lastFailure: TLSError?
            while true {
                do {
                    try await Task.sleep(for: Self.interval)
                } catch {
                    return
                }
                do throws(TLSError) {
                    if try provider.reload() == .replaced { logger.info("the serving certificate was replaced") }
                    lastFailure = nil
                } catch {
                    // Half of a replacement is an error too, and over the next time; the old certificate serves on.
                    if error != lastFailure { logger.error("the serving certificate could not be reloaded: \(error)") }
                    lastFailure = error
                }
            }
        }
    }
}
