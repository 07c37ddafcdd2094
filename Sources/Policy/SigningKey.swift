import KubernetesTypes

/// Reads just enough of a public key to tell whether it can verify an ECDSA signature: RFC 7468 armour around an RFC
/// 5280 SubjectPublicKeyInfo whose algorithm is id-ecPublicKey (RFC 5480), with a named curve and a point on it by size.
enum SigningKey {
    enum Outcome { case valid, notBase64, notPEM, notECDSA }

    static func check(_ text: Text) -> Outcome {
        guard let pem = Base64.decode(text.bytes) else { return .notBase64 }
        guard let der = body(ofPEM: pem) else { return .notPEM }
        return isECPublicKey(der) ? .valid : .notECDSA
    }

    private static let begin = Array("-----BEGIN PUBLIC KEY-----".utf8)
    private static let end = Array("-----END PUBLIC KEY-----".utf8)

    private static func body(ofPEM pem: [UInt8]) -> [UInt8]? {
        guard let start = firstIndex(of: begin, in: pem, from: 0) else { return nil }
        let first = start + begin.count
        guard let last = firstIndex(of: end, in: pem, from: first) else { return nil }
        return pem[first..<last].withUnsafeBufferPointer { bytes in
            let kept = bytes.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") && $0 != 13 }
            return kept.withUnsafeBufferPointer { Base64.decode($0) }
        }
    }

    private static func firstIndex(of needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= needle.count else { return nil }
        for index in start...max(start, bytes.count - needle.count) where bytes[index...].starts(with: needle) {
            return index
        }
        return nil
    }

    /// `SEQUENCE { SEQUENCE { OID id-ecPublicKey, OID curve }, BIT STRING point }`.
    private static func isECPublicKey(_ der: [UInt8]) -> Bool {
        var outer = DER(der[...])
        guard var key = outer.read(DER.sequence), outer.isAtEnd, var algorithm = key.read(DER.sequence),
            let oid = algorithm.read(DER.objectIdentifier), Array(oid.bytes) == idECPublicKey,
            let curve = algorithm.read(DER.objectIdentifier), algorithm.isAtEnd,
            let point = key.read(DER.bitString), key.isAtEnd
        else { return false }
        guard let size = coordinateSizes.first(where: { $0.curve == Array(curve.bytes) })?.bytes else { return false }
        // A BIT STRING starts with the number of unused bits; a point is 04 ‖ x ‖ y, or 02/03 ‖ x (SEC 1, 2.3.3).
        let bytes = Array(point.bytes)
        guard bytes.count > 1, bytes[0] == 0 else { return false }
        switch bytes[1] {
        case 4: return bytes.count == 2 + 2 * size
        case 2, 3: return bytes.count == 2 + size
        default: return false
        }
    }

    private static let idECPublicKey: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]

    /// The curves of Go's crypto/x509, with the bytes of a coordinate: P-224, P-256, P-384, P-521.
    private static let coordinateSizes: [(curve: [UInt8], bytes: Int)] = [
        ([0x2B, 0x81, 0x04, 0x00, 0x21], 28),
        ([0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07], 32),
        ([0x2B, 0x81, 0x04, 0x00, 0x22], 48),
        ([0x2B, 0x81, 0x04, 0x00, 0x23], 66),
    ]
}

/// A cursor over DER (X.690): elements of one-byte tags and definite lengths.
private struct DER {
    static let sequence: UInt8 = 0x30
    static let objectIdentifier: UInt8 = 0x06
    static let bitString: UInt8 = 0x03

    var bytes: ArraySlice<UInt8>
    var isAtEnd: Bool { bytes.isEmpty }

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// The content of the next element, if it has the tag.
    mutating func read(_ tag: UInt8) -> DER? {
        guard bytes.popFirst() == tag, let first = bytes.popFirst() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            // Two bytes of length are 64 KiB, more than any public key.
            guard first == 0x81 || first == 0x82 else { return nil }
            length = 0
            for _ in 0..<(first - 0x80) {
                guard let next = bytes.popFirst() else { return nil }
                length = length << 8 | Int(next)
            }
        }
        guard bytes.count >= length else { return nil }
        defer { bytes = bytes.dropFirst(length) }
        return DER(bytes.prefix(length))
    }
}
