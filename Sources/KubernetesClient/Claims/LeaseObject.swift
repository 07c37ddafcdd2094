import Claims
import KubernetesTypes

/// How a claim stands in a Lease (upstream: `coordination.k8s.io/v1.Lease`).
enum LeaseObject {
    /// Has a PUT that renews a Lease change it, whoever held it before: an identical one would not be stored.
    static let nonceAnnotation = "region.unikorn-cloud.org/claim-nonce"

    /// A Lease as JSON: new, or in place of a version of it.
    static func json(
        _ name: ObjectName, holder: String, seconds: Int, nonce: String, replacing version: LeaseVersion? = nil
    ) -> [UInt8] {
        var body: [UInt8] = []
        body.append(json: #"{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"#)
        body.append(jsonString: name.name)
        body.append(json: #","namespace":"#)
        body.append(jsonString: name.namespace)
        if let version {
            body.append(json: #","uid":"#)
            body.append(jsonString: version.uid)
            body.append(json: #","resourceVersion":"#)
            body.append(jsonString: version.resourceVersion)
        }
        body.append(json: #","labels":{"app.kubernetes.io/managed-by":"unikorn-region-webhook"},"annotations":{"#)
        body.append(jsonString: nonceAnnotation)
        body.append(json: ":")
        body.append(jsonString: nonce)
        body.append(json: #"}},"spec":{"holderIdentity":"#)
        body.append(jsonString: holder)
        body.append(json: #","leaseDurationSeconds":"#)
        body.append(jsonInteger: seconds)
        body.append(json: "}}")
        return body
    }

    /// 128 random bits: two of them are never the same.
    static func nonce() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<2).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    /// Reads a Lease; nil where it lacks what every stored object has.
    static func read(_ value: Value) -> Lease? {
        guard let metadata = value["metadata"], let uid = metadata["uid"]?.text,
            let version = metadata["resourceVersion"]?.text, !uid.isEmpty, !version.isEmpty
        else { return nil }
        return Lease(
            version: LeaseVersion(uid: String(uid), resourceVersion: String(version)),
            holder: value["spec"]?["holderIdentity"]?.text.map { String($0) } ?? "")
    }
}
