import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: base64 of a PEM public key on an elliptic curve.
    package static let openstackSigningKey = Rule(
        .openstackSigningKey, .deny,
        summary: "`image.selector.signingKey`, where set, is the base64 of a PEM ECDSA public key.",
        goesWrong: "No image verifies: every image vanishes.",
        remedy: "`openssl ec -in key.pem -pubout | base64 -w0`.",
        check: .region { review, findings in
            guard let key = review.region.openstack.content?.signingKey.content else { return }
            let fault: String
            switch SigningKey.check(key) {
            case .valid: return
            case .notBase64: fault = "must be base64 (RFC 4648, standard alphabet, padded)"
            case .notPEM: fault = "must be the base64 of a PEM block \"PUBLIC KEY\""
            case .notECDSA: fault = "must be an ECDSA public key, of another algorithm it verifies no image"
            }
            // A key is long and says nothing to a reader.
            findings.report(.openstackSigningKey, .invalid, RegionPath.signingKey, shown: "(\(key.count) bytes)", fault)
        })
}
