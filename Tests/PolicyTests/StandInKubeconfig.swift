import Documents
import Foundation
import KubernetesTypes
import Policy
import TLS
import TestSupport

/// Reads a kubeconfig as `kubeconfig-secret-content` says, as far as the fixtures need it, so that the rules about
/// Secrets can be tested without the module that reads them in earnest.
enum StandInKubeconfig {
    @Sendable static func facts(_ text: [UInt8]) -> KubeconfigFacts {
        guard let object = try? FixtureObject.all(in: String(decoding: text, as: UTF8.self)).first,
            let document = try? ParsedJSON(object.json)
        else {
            let fault = KubeconfigFacts.Fault(.deny, "kubeconfig", "is not a YAML mapping")
            return KubeconfigFacts(faults: [fault], certificates: [])
        }
        return document.read(facts)
    }

    private static func facts(_ root: Value) -> KubeconfigFacts {
        var facts = KubeconfigFacts(faults: [], certificates: [])
        guard let current = named(root["current-context"]?.text, in: root["contexts"])?["context"] else {
            facts.faults.append(.init(.deny, "current-context", "names no context"))
            return facts
        }
        if let cluster = named(current["cluster"]?.text, in: root["clusters"])?["cluster"] {
            judge(cluster: cluster, &facts)
        } else {
            facts.faults.append(.init(.deny, "contexts[0].context.cluster", "names no cluster"))
        }
        if let user = named(current["user"]?.text, in: root["users"])?["user"] {
            judge(user: user, &facts)
        } else {
            facts.faults.append(.init(.deny, "contexts[0].context.user", "names no user"))
        }
        return facts
    }

    private static func named(_ name: Text?, in list: Value?) -> Value? {
        guard let name, !name.isEmpty else { return nil }
        return list?.elements.first { $0["name"]?.text.map { $0 == name } ?? false }
    }

    private static func judge(cluster: Value, _ facts: inout KubeconfigFacts) {
        let path = "clusters[0].cluster"
        let server = cluster["server"]?.text.map { String($0) } ?? ""
        if !server.hasPrefix("https://") {
            facts.faults.append(.init(.deny, "\(path).server", "must be an https URL"))
        }
        refuseFile(cluster, "certificate-authority", path, &facts)
        certificates(cluster, "certificate-authority-data", .authority, path, &facts)
        if cluster["insecure-skip-tls-verify"]?.bool == true {
            facts.faults.append(.init(.warn, "\(path).insecure-skip-tls-verify", "the server is not verified"))
        }
    }

    private static func judge(user: Value, _ facts: inout KubeconfigFacts) {
        let path = "users[0].user"
        for key in ["client-certificate", "client-key", "tokenFile"] { refuseFile(user, key, path, &facts) }
        certificates(user, "client-certificate-data", .client, path, &facts)
        for key in ["exec", "auth-provider"] where user[key: key] != nil {
            facts.faults.append(.init(.warn, "\(path).\(key)", "a plugin may not be there"))
        }
    }

    private static func refuseFile(_ value: Value, _ key: String, _ path: String, _ facts: inout KubeconfigFacts) {
        guard value[key: key] != nil else { return }
        facts.faults.append(.init(.deny, "\(path).\(key)", "points to a file"))
    }

    private static func certificates(
        _ value: Value, _ key: String, _ role: KubeconfigFacts.Certificate.Role, _ path: String,
        _ facts: inout KubeconfigFacts
    ) {
        guard let text = value[key: key]?.text.map({ String($0) }) else { return }
        guard let pem = Data(base64Encoded: text),
            let found = try? CertificateInspection.certificates(inPEM: [UInt8](pem), name: key), !found.isEmpty
        else {
            facts.faults.append(.init(.deny, "\(path).\(key)", "is not the base64 of a PEM certificate"))
            return
        }
        facts.certificates += found.map { .init(role: role, notBefore: $0.notBefore, notAfter: $0.notAfter) }
    }
}
