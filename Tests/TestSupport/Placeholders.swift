import Foundation
import TLS

/// What fixtures cannot hold themselves: certificates that are valid today, or were until yesterday, and keys.
///
/// | placeholder | becomes, in base64 |
/// | --- | --- |
/// | `@AUTHORITY_CERTIFICATE:STATE,…@` | PEM certificates of authorities, one for each state |
/// | `@CLIENT_CERTIFICATE:STATE@` | the PEM certificate of a client |
/// | `@CLIENT_KEY:STATE@` | the PEM private key of that certificate; of the valid one without a state |
/// | `@EC_PUBLIC_KEY@` | a PEM public key on P-256 |
///
/// The states are `valid`, `expired`, `soon` (it expires in ten days) and `future` (it is not valid yet).
package enum Placeholders {
    /// The time that certificates are made for, in seconds since 1970: that of the test run, since a server judges by
    /// its own clock.
    package static let now = Int64(Date().timeIntervalSince1970)

    package static func fill(_ text: String) -> String {
        guard text.contains("@") else { return text }
        var filled = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "@") {
            let inner = rest[rest.index(after: start)...]
            guard let end = inner.firstIndex(of: "@"), let value = value(of: inner[..<end]) else {
                filled += rest[...start]
                rest = inner
                continue
            }
            filled += rest[..<start] + value
            rest = inner[inner.index(after: end)...]
        }
        return filled + rest
    }

    private static func value(of placeholder: Substring) -> String? {
        let parts = placeholder.split(separator: ":", maxSplits: 1).map(String.init)
        let states = parts.count == 2 ? parts[1].split(separator: ",").map(String.init) : []
        let pem: [UInt8]
        switch parts.first {
        case "AUTHORITY_CERTIFICATE": pem = states.flatMap { material.authorities[$0] ?? [] }
        case "CLIENT_CERTIFICATE": pem = states.flatMap { material.clients[$0]?.certificate ?? [] }
        case "CLIENT_KEY": pem = material.clients[states.first ?? "valid"]?.key ?? []
        case "EC_PUBLIC_KEY": pem = material.publicKey
        default: return nil
        }
        return pem.isEmpty ? nil : Data(pem).base64EncodedString()
    }

    private struct Material: Sendable {
        var authorities: [String: [UInt8]] = [:]
        var clients: [String: (certificate: [UInt8], key: [UInt8])] = [:]
        var publicKey: [UInt8] = []
    }

    private static let material = (try? make()) ?? Material()

    private static func make() throws -> Material {
        let day: Int64 = 86_400
        let states: [(String, CertificateAuthority.Validity)] = [
            ("valid", .init(start: now, days: 365)), ("expired", .init(start: now - 100 * day, days: 10)),
            ("soon", .init(start: now, days: 10)), ("future", .init(start: now + 10 * day, days: 365)),
        ]
        var material = Material()
        for (state, validity) in states {
            let authority = try CertificateAuthority(commonName: "fixture \(state)", validity: validity)
            material.authorities[state] = try authority.issued.certificatePEM
            let client = try authority.issueClientCertificate(commonName: "fixture", validity: validity)
            material.clients[state] = (client.certificatePEM, client.privateKeyPEM)
            material.publicKey = publicKey(ofPrivateKey: client.privateKeyPEM)
        }
        return material
    }

    /// The public key of a PKCS #8 key on P-256, whose last 65 bytes are its point (RFC 5915), as PEM (RFC 5480).
    private static func publicKey(ofPrivateKey pem: [UInt8]) -> [UInt8] {
        let lines = String(decoding: pem, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("-----") }
        guard let der = Data(base64Encoded: lines.joined()), der.count > 65 else { return [] }
        // SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING … }
        let prefix: [UInt8] = [
            0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A, 0x86, 0x48,
            0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
        ]
        let text = Data(prefix + der.suffix(65)).base64EncodedString(options: .lineLength64Characters)
        return Array("-----BEGIN PUBLIC KEY-----\n\(text)\n-----END PUBLIC KEY-----\n".utf8)
    }
}
