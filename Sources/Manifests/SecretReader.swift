import Documents
package import KubernetesTypes
package import Policy

/// Reads what rules may know of a Secret: its keys, and what its kubeconfig says. Values are forgotten at once.
package enum SecretReader {
    package static func record(_ secret: Value) -> SecretRecord? {
        guard let name = secret["metadata"]?["name"]?.text else { return nil }
        let namespace = secret["metadata"]?["namespace"]?.text.map { String($0) } ?? ""
        var keys: Set<String> = []
        var kubeconfig: KubeconfigFacts?
        for (key, value) in secret["data"]?.fields ?? secret.fields where value.text != nil && secret["data"] != nil {
            keys.insert(String(key))
            guard key == "kubeconfig", let text = value.text else { continue }
            if let bytes = try? Base64.decode(text) {
                kubeconfig = KubeconfigReader.facts(bytes)
            } else {
                kubeconfig = KubeconfigFacts(
                    faults: [KubeconfigFacts.Fault(.deny, "data.kubeconfig", "is not base64")], certificates: [])
            }
        }
        // The API server lets stringData win.
        if let strings = secret["stringData"] {
            for (key, value) in strings.fields {
                guard let text = value.text else { continue }
                keys.insert(String(key))
                if key == "kubeconfig" { kubeconfig = KubeconfigReader.facts(Array(text.bytes)) }
            }
        }
        return SecretRecord(
            object: ObjectName(namespace: namespace, name: String(name)), keys: keys, kubeconfig: kubeconfig)
    }
}
