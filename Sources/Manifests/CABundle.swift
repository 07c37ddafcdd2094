package import Documents
package import KubernetesTypes
package import TLS

/// Puts the certificate of a CA into webhook configurations: `clientConfig.caBundle`, the base64 of its PEM text.
///
/// The manifests are edited as text, so that order, comments and layout stay as they are: no byte changes but those of
/// the value. Where it stands, a YAML reader has said. Other documents of the stream pass through.
package enum CABundle {
    /// Sets `caBundle` in every `clientConfig` of the mutating and validating webhook configurations in a YAML stream,
    /// those in a `List` too; a value that is there already is replaced. Doing it twice is doing it once.
    ///
    /// - Parameters:
    ///   - manifests: The YAML, or JSON, such as `kubectl kustomize` prints it.
    ///   - pem: One certificate or several, and nothing that is secret.
    ///   - file: What messages call the certificates.
    /// - Returns: The stream with every `caBundle` set.
    /// - Throws: where there is no certificate or no `clientConfig`, or one that cannot be edited; nothing is half done.
    package static func inject(
        into manifests: [UInt8], certificates pem: [UInt8], file: String
    ) throws(CABundleError) -> [UInt8] {
        try check(pem, file)
        let bundle = Base64.encode(pem)
        let found = try ClientConfig.all(in: manifests)
        guard !found.isEmpty else { throw .noClientConfig }
        var edits: [Int: TextEdit] = [:]
        for config in found {
            let edit = try TextEdit(setting: bundle, of: config, in: manifests)
            // Two that are the same by an alias are edited once.
            edits[edit.range.lowerBound] = edit
        }
        let result = TextEdit.apply(edits.values.sorted { $0.range.lowerBound < $1.range.lowerBound }, to: manifests)
        // The text has forms that nobody has thought of: what was written is read again.
        guard let check = try? ClientConfig.all(in: result), check.count == found.count,
            check.allSatisfy({ $0.bundle?.text == bundle })
        else {
            throw .notEditable(found[0].position, "it is written in a way that cannot be edited in place")
        }
        return result
    }

    private static func check(_ pem: [UInt8], _ file: String) throws(CABundleError) {
        // OpenSSL looks for certificates and passes over the rest; a key must not be published by mistake.
        if String(decoding: pem, as: UTF8.self).contains("PRIVATE KEY-----") { throw .privateKey(file) }
        do {
            _ = try CertificateInspection.certificates(inPEM: pem, name: file)
        } catch {
            throw .certificates(error)
        }
    }
}

/// Why a CA bundle cannot be set.
package enum CABundleError: Error, Equatable, Sendable {
    /// The file holds no certificate, or none that can be read.
    case certificates(TLSError)
    /// The file holds a private key, which would be published.
    case privateKey(String)
    /// The manifests do not parse.
    case manifests(DocumentError)
    /// No webhook configuration has a `clientConfig`.
    case noClientConfig
    /// A `clientConfig` is there but cannot be given a `caBundle`.
    case notEditable(SourcePosition, String)
}

extension CABundleError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .certificates(let error): error.description
        case .privateKey(let file): "\(file): holds a private key; only certificates belong into a CA bundle"
        case .manifests(let error): error.description
        case .noClientConfig: "no webhook configuration with a clientConfig in the input"
        case .notEditable(let position, let reason): "\(position.line):\(position.column): clientConfig: \(reason)"
        }
    }
}
