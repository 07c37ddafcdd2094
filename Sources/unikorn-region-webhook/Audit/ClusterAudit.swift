import Documents
import KubernetesTypes
import Policy
import RegionAPI
import Reporting
import Synchronization

/// All rules over all objects of a cluster, whoever wrote them and when.
///
/// Each object is judged as if it were created now, by itself while it is read, and against the others once all are known.
/// What is kept meanwhile is what an inventory keeps.
final class ClusterAudit: Sendable {
    /// A fault of an object.
    struct Found: Sendable {
        let kind: String
        let object: ObjectName
        let finding: Finding

        /// As reports name it.
        var subject: String { "\(kind) \(object)" }
    }

    private struct State {
        var found: [Found] = []
        var objects = 0
        /// Of Regions, for Events about them.
        var uids: [ObjectName: String] = [:]
    }

    private let policy: Policy
    private let now: Int64
    private let state = Mutex(State())

    /// Certificates are judged by `now`, in seconds since 1970, UTC.
    init(policy: Policy, now: Int64) {
        self.policy = policy
        self.now = now
    }

    /// Judges an object by itself. The value is not kept.
    func visit(_ kind: Inventory.Kind, _ object: Value) {
        let findings: [Finding]
        let name: ObjectName
        switch kind {
        case .regions:
            let region = Region(object)
            name = RegionRecord(region).object
            findings = policy.judge(region, surroundings: surroundings(Inventory()))
        case .nodes:
            name = ObjectName(namespace: "", name: object["metadata"]?["name"]?.text.map { String($0) } ?? "")
            let review = ObjectReview(kind: .node, operation: .create, object: object)
            findings = policy.judge(review, surroundings: surroundings(Inventory()))
        }
        let uid = kind == .regions ? object["metadata"]?["uid"]?.text.map { String($0) } : nil
        state.withLock { state in
            state.objects += 1
            if let uid { state.uids[name] = uid }
            state.found += findings.map { Found(kind: kind.object, object: name, finding: $0) }
        }
    }

    /// Takes over what another audit found in objects by themselves.
    func take(_ other: ClusterAudit) {
        let (found, objects) = other.state.withLock { ($0.found, $0.objects) }
        state.withLock { state in
            state.found += found
            state.objects += objects
        }
    }

    /// What rules read of a Node by itself.
    private struct NodeLook: Hashable {
        let nodeClass: String
        let isControlPlane: Bool
    }

    /// Judges Nodes by themselves as an inventory keeps them; those that look the same, once.
    func visitNodes(of inventory: Inventory) {
        var known: [NodeLook: [Finding]] = [:]
        let parser = JSONParser()
        inventory.forEachNode { record in
            let look = NodeLook(nodeClass: record.nodeClass, isControlPlane: record.isControlPlane)
            let findings = known[look] ?? judge(look, parser)
            known[look] = findings
            let name = ObjectName(namespace: "", name: record.name)
            state.withLock { state in
                state.objects += 1
                state.found += findings.map { Found(kind: Node.kind, object: name, finding: $0) }
            }
        }
    }

    private func judge(_ look: NodeLook, _ parser: JSONParser) -> [Finding] {
        var json: [UInt8] = []
        json.append(json: #"{"metadata":{"labels":{"#)
        json.append(jsonString: "\(RegionLabel.nodeClass)")
        json.append(json: ":")
        json.append(jsonString: look.nodeClass)
        if look.isControlPlane { json.append(json: #","node-role.kubernetes.io/control-plane":"""#) }
        json.append(json: "}}}")
        return json.withUnsafeBytes { bytes in
            guard let node = try? parser.parse(bytes) else { return [] }
            let review = ObjectReview(kind: .node, operation: .create, object: node)
            return policy.judge(review, surroundings: surroundings(Inventory()))
        }
    }

    /// The Secrets that its Regions are judged by.
    func secrets(of inventory: Inventory) -> [ObjectName] {
        var names: Set<ObjectName> = []
        inventory.forEachRegion { names.formUnion(policy.secrets(of: $0)) }
        return names.sorted()
    }

    /// Judges the objects against each other, and Regions by the Secrets that were read; everything that was found, in the
    /// order of the objects.
    func finish(_ inventory: Inventory, secrets: [ObjectName: SecretState]) -> [Found] {
        var surroundings = surroundings(inventory)
        surroundings.secrets = secrets
        var found = state.withLock { $0.found }
        inventory.forEachRegion { record in
            found += policy.judge(record, surroundings: surroundings)
                .map { Found(kind: Region.kind, object: record.object, finding: $0) }
        }
        inventory.forEachNode { record in
            found += policy.judge(record, surroundings: surroundings)
                .map { Found(kind: Node.kind, object: ObjectName(namespace: "", name: record.name), finding: $0) }
        }
        // Regions first, as in the inventory; several findings of one object stay in the order of the catalogue.
        return found.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            if first.kind != second.kind { return first.kind > second.kind }
            if first.object != second.object { return first.object < second.object }
            return left.offset < right.offset
        }
        .map(\.element)
    }

    /// How many objects were judged by themselves.
    var objectCount: Int { state.withLock { $0.objects } }

    /// Of the object that something was found in; nil where it is not known.
    func uid(of found: Found) -> String? { state.withLock { $0.uids[found.object] } }

    private func surroundings(_ inventory: Inventory) -> Surroundings {
        Surroundings(inventory: inventory, now: now, isDryRun: false, settings: policy.settings)
    }
}

extension ClusterAudit {
    /// The report of an audit: objects in place of files.
    static func report(_ found: [Found], objects: Int) -> Report {
        var report = Report()
        report.entries = found.map { found in
            ReportEntry(
                finding: found.finding, file: found.subject, fileIndex: 0, position: .unknown, object: found.subject,
                sourceLine: nil)
        }
        report.summary.objects = objects
        report.summary.errors = found.count { $0.finding.severity == .deny }
        report.summary.warnings = found.count - report.summary.errors
        return report
    }
}

extension Inventory.Kind {
    /// The kind of its objects.
    var object: String {
        switch self {
        case .regions: Region.kind
        case .nodes: Node.kind
        }
    }
}
