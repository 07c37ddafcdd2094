import Documents
import KubernetesClient
import KubernetesTypes
import Manifests
import Policy

/// A kubeconfig, as a Secret holds one and as a client uses one: none of its secrets comes out again.
enum KubeconfigFuzz {
    static func run(_ bytes: [UInt8]) throws {
        let facts = KubeconfigReader.facts(bytes)
        let again = KubeconfigReader.facts(bytes)
        try hold(facts.faults == again.faults && facts.certificates == again.certificates, "two readings differ")
        for fault in facts.faults {
            try holdPrintable(fault.field)
            try holdPrintable(fault.detail)
            // The program's own words are ASCII and short; what is not may be the Secret's.
            try hold((fault.field + fault.detail).utf8.allSatisfy { $0 < 0x80 }, "\(fault) quotes the kubeconfig")
            try hold(fault.detail.utf8.count < 128, "\(fault) is long")
        }
        // A marker in the input must not come out again.
        let marker = "s3cr3tM4rk3r"
        try hold(facts.faults.allSatisfy { !"\($0)".contains(marker) }, "a fault quotes the kubeconfig")
        let result = try use(bytes)
        if case .success = result {
            let fields = ["kubeconfig", "current-context", "clusters[].cluster.server"]
            let fault = facts.faults.first { $0.severity == .deny && fields.contains($0.field) }
            try hold(fault == nil, "a client uses what has the fault \(fault?.detail ?? "")")
        }
        try hide(bytes, result)
    }

    private static func use(_ bytes: [UInt8]) throws -> Result<ClientConfiguration, ClientConfigurationError> {
        let result = Result { () throws(ClientConfigurationError) in try Kubeconfig.read(bytes, path: "kubeconfig") }
        switch result {
        case .success(let configuration):
            let endpoint = configuration.endpoint
            try hold(!endpoint.host.isEmpty && (0...65_535).contains(endpoint.port), "\(endpoint)")
            let isSent = { (byte: UInt8) in (0x21...0x7E).contains(byte) }
            try hold(endpoint.basePath.utf8.allSatisfy(isSent), "the path of \(endpoint)")
        case .failure(let error): try holdPrintable(error.description)
        }
        return result
    }

    /// What is said does not depend on what a token is: another one of the same length in its place changes nothing.
    private static func hide(
        _ bytes: [UInt8], _ result: Result<ClientConfiguration, ClientConfigurationError>
    ) throws {
        for secret in tokens(of: bytes) {
            guard let start = bytes.firstRange(of: secret)?.lowerBound else { continue }
            let end = start + secret.count
            guard bytes[end...].firstRange(of: secret) == nil else { continue }
            let other = bytes[..<start] + Array(repeating: UInt8(ascii: "x"), count: secret.count) + bytes[end...]
            try equal(said(try use(Array(other))), said(result), "with another token")
        }
    }

    private static func said(_ result: Result<ClientConfiguration, ClientConfigurationError>) -> String {
        switch result {
        case .success(let configuration): configuration.description
        case .failure(let error): error.description
        }
    }

    /// Tokens that are plain words, so that another one is a string as well wherever it stands.
    private static func tokens(of bytes: [UInt8]) -> [[UInt8]] {
        bytes.withUnsafeBytes { buffer in
            let reader = YAMLDocumentReader()
            reader.open(buffer)
            guard let root = try? reader.next()?.root, let users = root["users"] else { return [] }
            let texts = users.elements.compactMap { $0["user"]?["token"]?.text.map { Array($0.bytes) } }
            return texts.filter { text in
                text.count >= 8 && text.allSatisfy { (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) }
            }
        }
    }
}
