import KubernetesTypes
import RegionAPI

extension Rule {
    /// Allowed: base64 of a PEM public key on an elliptic curve.
    package static let openstackSigningKey: Rule = Rule(
        .openstackSigningKey, .deny,
        summary: "`image.selector.signingKey`, where set, is the base64 of a PEM ECDSA public key.",
        goesWrong: "No image verifies: every image vanishes.",
        remedy: "`openssl ec -in key.pem -pubout | base64 -w0`.",
        check: .region { review, findings in
            guard let key = review.region.openstack.content?.signingKey.content else { return }
            let fault: String
            if let pem = try? Base64.decode(key) {
                if review.settings.isECDSAPublicKey(pem) { return }
                fault = "must be the base64 of an ECDSA public key in PEM (\"BEGIN PUBLIC KEY\")"
            } else {
                fault = "must be base64 (RFC 4648, standard alphabet, padded)"
            }
            // A key is long and says nothing to a reader.
            findings.report(.openstackSigningKey, .invalid, RegionPath.signingKey, shown: "(\(key.count) bytes)", fault)
        })
}
