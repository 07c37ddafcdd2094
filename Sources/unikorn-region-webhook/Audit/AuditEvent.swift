import KubernetesTypes
import Policy
import RegionAPI

/// An Event that says what an audit found (upstream: `events.k8s.io/v1.Event`).
struct AuditEvent {
    let found: ClusterAudit.Found
    let uid: String?
    /// The process that found it.
    let reporter: String

    /// Events of objects without a namespace are kept in this one.
    private static let clusterNamespace = "default"
    /// The API's limit of a note is 1,024 bytes; a scalar may take four.
    private static let maximumNote = 256

    var namespace: String { found.object.namespace.isEmpty ? Self.clusterNamespace : found.object.namespace }

    var json: [UInt8] {
        var body: [UInt8] = []
        body.append(json: #"{"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"generateName":"#)
        body.append(jsonString: "\(found.object.name)-".lowercased())
        body.append(json: #","namespace":"#)
        body.append(jsonString: namespace)
        body.append(json: #"},"eventTime":"#)
        body.append(jsonString: Timestamp.now())
        body.append(json: #","reportingController":"region.unikorn-cloud.org/webhook","reportingInstance":"#)
        body.append(jsonString: PrintableText.escaped(reporter, limit: Self.maximumName))
        body.append(json: #","action":"Audit","reason":"RuleViolated","type":"Warning","note":"#)
        body.append(jsonString: PrintableText.escaped(found.finding.line, limit: Self.maximumNote))
        body.append(json: #","regarding":{"apiVersion":"#)
        body.append(jsonString: found.kind == Region.kind ? "\(Region.group)/v1alpha1" : "v1")
        body.append(json: #","kind":"#)
        body.append(jsonString: found.kind)
        body.append(json: #","name":"#)
        body.append(jsonString: found.object.name)
        if !found.object.namespace.isEmpty {
            body.append(json: #","namespace":"#)
            body.append(jsonString: found.object.namespace)
        }
        // Where kubelets report about Nodes, and kubectl looks, a Node's uid is its name.
        if let uid = uid ?? (found.kind == Node.kind ? found.object.name : nil) {
            body.append(json: #","uid":"#)
            body.append(jsonString: uid)
        }
        body.append(json: "}}")
        return body
    }

    /// The API's limit of a reporting instance.
    private static let maximumName = 128
}
