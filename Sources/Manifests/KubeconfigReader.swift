import Documents
import KubernetesTypes
package import Policy
import TLS

/// Reads a kubeconfig (upstream: `client-go/tools/clientcmd/api/v1.Config`) into what rules judge.
///
/// Only the cluster and the user of its current context count. No fault quotes a value: it is a Secret's content.
package enum KubeconfigReader {
    package static func facts(_ bytes: [UInt8]) -> KubeconfigFacts {
        bytes.withUnsafeBytes { bytes in
            let reader = YAMLDocumentReader()
            reader.open(bytes)
            do throws(DocumentError) {
                guard let root = try reader.next()?.root, root.isObject else {
                    return refused("kubeconfig", "is not a YAML mapping")
                }
                var kubeconfig = Kubeconfig(root: root)
                kubeconfig.read()
                return KubeconfigFacts(faults: kubeconfig.faults, certificates: kubeconfig.certificates)
            } catch {
                return refused(
                    "kubeconfig", "is not YAML: line \(error.position.line), column \(error.position.column)")
            }
        }
    }

    private static func refused(_ field: String, _ detail: String) -> KubeconfigFacts {
        KubeconfigFacts(faults: [KubeconfigFacts.Fault(.deny, field, detail)], certificates: [])
    }
}

private struct Kubeconfig {
    let root: Value
    var faults: [KubeconfigFacts.Fault] = []
    var certificates: [KubeconfigFacts.Certificate] = []

    init(root: Value) { self.root = root }

    mutating func read() {
        guard let current = root["current-context"]?.text, !current.isEmpty else {
            deny("current-context", "is not set: a client in a pod would use its own cluster")
            return
        }
        guard let context = entry("contexts", named: current)?["context"] else {
            deny("current-context", "names no entry of contexts")
            return
        }
        if let cluster = reference(context["cluster"], in: "clusters", "cluster") { readCluster(cluster) }
        if let user = reference(context["user"], in: "users", "user") { readUser(user) }
    }

    private mutating func reference(_ name: Value?, in list: StaticString, _ field: StaticString) -> Value? {
        guard let name = name?.text, !name.isEmpty else {
            deny("contexts[].context.\(field)", "is not set in the current context")
            return nil
        }
        guard let found = entry(list, named: name)?[field] else {
            deny("contexts[].context.\(field)", "names no entry of \(list)")
            return nil
        }
        return found
    }

    private func entry(_ list: StaticString, named name: Text) -> Value? {
        root[list]?.elements.first { $0["name"]?.text.map { $0 == name } ?? false }
    }

    private mutating func readCluster(_ cluster: Value) {
        let path = "clusters[].cluster."
        if let server = cluster["server"]?.text {
            do throws(URLError) {
                if try URLSyntax(server).scheme != .https { deny(path + "server", "is no https URL") }
            } catch {
                deny(path + "server", "is no absolute https URL")
            }
        } else {
            deny(path + "server", "is not set")
        }
        refuseFile(cluster["certificate-authority"], path + "certificate-authority")
        if cluster["insecure-skip-tls-verify"]?.bool == true {
            warn(path + "insecure-skip-tls-verify", "is true: anybody can pose as the region cluster")
        }
        if let pem = data(cluster["certificate-authority-data"], path + "certificate-authority-data") {
            readCertificates(pem, .authority, path + "certificate-authority-data")
        }
    }

    private mutating func readUser(_ user: Value) {
        let path = "users[].user."
        for field in ["client-certificate", "client-key", "tokenFile"] { refuseFile(user[key: field], path + field) }
        if let exec = user["exec"], !exec.isNull {
            warn(path + "exec", "needs a program that the region service does not have")
        }
        if let provider = user["auth-provider"], !provider.isNull {
            warn(path + "auth-provider", "is a plug-in that clients no longer have")
        }
        let certificate = data(user["client-certificate-data"], path + "client-certificate-data")
        let key = data(user["client-key-data"], path + "client-key-data")
        if let certificate { readCertificates(certificate, .client, path + "client-certificate-data") }
        guard let key else {
            if certificate != nil, user["client-key-data"] == nil, user["client-key"] == nil {
                deny(path + "client-key-data", "is not set, and the certificate is of no use without its key")
            }
            return
        }
        do throws(TLSError) {
            try CertificateInspection.checkPrivateKey(inPEM: key, name: "client-key-data")
        } catch {
            deny(path + "client-key-data", "is no PEM private key that can be used without a pass phrase")
            return
        }
        guard let certificate else { return }
        do throws(TLSError) {
            try CertificateInspection.checkPrivateKey(
                inPEM: key, name: "client-key-data", matches: certificate, certificateName: "client-certificate-data")
        } catch {
            deny(path + "client-key-data", "is not the key of client-certificate-data")
        }
    }

    private mutating func refuseFile(_ value: Value?, _ field: String) {
        guard let text = value?.text, !text.isEmpty else { return }
        deny(field, "points to a file, which the region service does not have: put the content into the kubeconfig")
    }

    /// The content of a field of base64; nil where there is none, or where that is a fault already.
    private mutating func data(_ value: Value?, _ field: String) -> [UInt8]? {
        guard let value, !value.isNull else { return nil }
        guard let text = value.text, let bytes = try? Base64.decode(text) else {
            deny(field, "is not base64")
            return nil
        }
        return bytes.isEmpty ? nil : bytes
    }

    private mutating func readCertificates(
        _ pem: [UInt8], _ role: KubeconfigFacts.Certificate.Role, _ field: String
    ) {
        do throws(TLSError) {
            for facts in try CertificateInspection.certificates(inPEM: pem, name: field) {
                certificates.append(
                    KubeconfigFacts.Certificate(role: role, notBefore: facts.notBefore, notAfter: facts.notAfter))
            }
        } catch {
            deny(field, "holds no PEM certificate")
        }
    }

    private mutating func deny(_ field: String, _ detail: String) {
        faults.append(KubeconfigFacts.Fault(.deny, field, detail))
    }

    private mutating func warn(_ field: String, _ detail: String) {
        faults.append(KubeconfigFacts.Fault(.warn, field, detail))
    }
}
