internal import COpenSSL

/// A public key.
final class PublicKey {
    private let pointer: OpaquePointer

    /// Reads the first public key of a PEM text (`-----BEGIN PUBLIC KEY-----`).
    init(in contents: FileContents) throws(TLSError) {
        let bio = try MemoryBIO(reading: contents)
        OpenSSLErrorQueue.clear()
        guard let pointer = PEM_read_bio_PUBKEY(bio.pointer, nil, refusePassphrase, nil) else {
            throw .invalidPublicKey(file: contents.name, reasons: OpenSSLErrorQueue.drain().texts)
        }
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }

    /// On one of the curves of ECDSA; Ed25519 is not.
    var isEC: Bool { EVP_PKEY_get_base_id(pointer) == EVP_PKEY_EC }
}
