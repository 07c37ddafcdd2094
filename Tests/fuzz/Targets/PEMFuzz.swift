import Foundation
import KubernetesTypes
import TLS
import TestSupport

/// Certificates and keys as Secrets hold them: the bytes as PEM, and as what a PEM block holds.
enum PEMFuzz {
    static func run(_ bytes: [UInt8]) throws {
        try inspect(bytes)
        // One of them: OpenSSL tries many formats of keys, which takes most of the time.
        let labels = ["CERTIFICATE", "PRIVATE KEY", "PUBLIC KEY"]
        try inspect(pem(labels[Int(bytes.last ?? 0) % labels.count], bytes))
    }

    private static func pem(_ label: String, _ bytes: [UInt8]) -> [UInt8] {
        let text = Data(bytes).base64EncodedString(options: .lineLength64Characters)
        return Array("-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----\n".utf8)
    }

    private static func inspect(_ pem: [UInt8]) throws {
        let facts = try attempt { () throws(TLSError) in
            try CertificateInspection.certificates(inPEM: pem, name: "certificates")
        }
        if let facts {
            try hold(!facts.isEmpty, "no certificate and no error")
            for one in facts where !one.subject.isEmpty { try holdPrintable(one.subject) }
            let again = try attempt { () throws(TLSError) in
                try CertificateInspection.certificates(inPEM: pem, name: "certificates")
            }
            try equal(again, facts, "a second reading")
        }
        let key: Void? = try attempt { () throws(TLSError) in
            try CertificateInspection.checkPrivateKey(inPEM: pem, name: "key")
        }
        _ = try attempt { () throws(TLSError) in try CertificateInspection.isECPublicKey(inPEM: pem, name: "key") }
        let pair: Void? = try attempt { () throws(TLSError) in
            try CertificateInspection.checkPrivateKey(
                inPEM: pem, name: "key", matches: pem, certificateName: "certificates")
        }
        if pair != nil { try hold(key != nil && facts != nil, "a pair of which one part is not there") }
    }

    private static func attempt<Answer>(_ body: () throws(TLSError) -> Answer) throws -> Answer? {
        do throws(TLSError) {
            return try body()
        } catch {
            try holdPrintable(error.description)
            return nil
        }
    }

    /// Certificates and keys, which no repository holds: as PEM, and the content of their blocks; and what is none.
    static func made() -> [[UInt8]] {
        let placeholders = [
            "@AUTHORITY_CERTIFICATE:valid@", "@AUTHORITY_CERTIFICATE:valid,expired@", "@CLIENT_CERTIFICATE:expired@",
            "@CLIENT_KEY:valid@", "@EC_PUBLIC_KEY@",
        ]
        let refused = ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "EC PARAMETERS"].map {
            pem($0, [0x30, 0x03, 0x02, 0x01, 0x00])
        }
        return refused
            + placeholders.flatMap { placeholder -> [[UInt8]] in
                guard let pem = try? Base64.decode(Placeholders.fill(placeholder)) else { return [] }
                let lines = String(decoding: pem, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("-") }
                return [pem, (try? Base64.decode(lines.joined())) ?? []]
            }
    }
}
