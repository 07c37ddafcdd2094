import Documents
import KubernetesTypes
import Policy
import RegionAPI
import Reporting

/// What the first reading of manifests finds: the faults of each document and object by itself, and what rules about
/// several objects need of them.
struct FirstReading {
    private let policy: Policy
    private let now: Int64
    private(set) var entries: [ReportEntry] = []
    private(set) var summary = ReportSummary()
    private(set) var inventory = Inventory()
    private(set) var regions: [(location: ManifestReader.Location, record: RegionRecord)] = []
    private(set) var nodes: [(location: ManifestReader.Location, record: NodeRecord)] = []
    /// Recorded reviews, which are judged once everything around them is known.
    private(set) var reviews: [ManifestReader.Location] = []
    /// Regions whose defaults come from Nodes, which are judged once all of these are known.
    private(set) var undefaulted: [ManifestReader.Location] = []
    private(set) var objects = ObjectIndex()

    /// The namespace of objects that say none, where a cluster says it; otherwise empty.
    private let namespace: String

    init(policy: Policy, now: Int64, isComplete: Bool, stored: OfflineValidator.Stored? = nil) {
        self.policy = policy
        self.now = now
        namespace = stored?.namespace ?? ""
        if let stored { inventory = stored.inventory }
        inventory.isComplete = isComplete
    }

    // MARK: Documents

    /// Takes one document, or why it cannot be read.
    mutating func visit(_ result: Result<Document, DocumentError>, in text: SourceText) {
        switch result {
        case .success(let document): visit(document, text)
        case .failure(let error):
            summary.documents += 1
            add(policy.finding(.syntax, .invalid, FieldPath(), error.message), at: error.position, text)
        }
    }

    private mutating func visit(_ document: Document, _ text: SourceText) {
        let root = document.root
        // An empty document, as a file that ends with `---` has.
        if root.isNull { return }
        summary.documents += 1
        for duplicate in document.duplicateKeys {
            let finding = policy.finding(
                .duplicateKey, .duplicate, FieldPath(duplicate.key), shown: Self.quoted(duplicate.key),
                "this mapping has the key already, in line \(duplicate.first.line)")
            add(finding, at: duplicate.second, text)
        }
        guard root.isObject else {
            let finding = policy.finding(
                .type, .typeInvalid, FieldPath(), shown: Findings.show(root),
                "expected an object with apiVersion and kind, found \(root.kind.phrase)")
            add(finding, at: root.position ?? document.start, text)
            return
        }
        for (item, (object, value)) in ManifestObject.all(in: root).enumerated() {
            let location = ManifestReader.Location(source: text.source, document: document.index, item: item)
            visit(object, value, location, text)
        }
    }

    private mutating func add(
        _ finding: Finding?, about object: String? = nil, at position: SourcePosition, _ text: SourceText
    ) {
        guard let finding else { return }
        entries.append(ReportEntry(finding, about: object, at: position, in: text))
    }

    // MARK: Objects

    private mutating func visit(
        _ object: ManifestObject, _ value: Value, _ location: ManifestReader.Location, _ text: SourceText
    ) {
        switch object {
        case .judged(.region): judge(region: value, location, text)
        case .judged(.node): judge(node: value, location, text)
        case .secret:
            if let record = SecretReader.record(value) { inventory.add(record) }
            summary.skipped += 1
        case .review:
            reviews.append(location)
            summary.objects += 1
        case .unknownVersion(let apiVersion):
            let finding = policy.finding(
                .unknownField, .notSupported, FieldPath("apiVersion"), shown: Self.quoted(apiVersion),
                "this program knows \"\(ManifestObject.regionVersion)\"; the object was not judged")
            let position = value["apiVersion"]?.position ?? value.position ?? .unknown
            add(finding, about: ManifestObject.describe(Region.kind, value), at: position, text)
            summary.skipped += 1
        case .unidentified(let faults):
            let findings = faults.compactMap { fault in
                policy.finding(.type, fault.reason, FieldPath(fault.field), shown: fault.shown, fault.detail)
            }
            add(findings, value["kind"]?.text.map { String($0) } ?? "Object", value, text)
            summary.skipped += 1
        case .skipped: summary.skipped += 1
        }
    }

    private mutating func judge(region value: Value, _ location: ManifestReader.Location, _ text: SourceText) {
        summary.objects += 1
        let region = Region(value)
        var findings = policy.schemaFindings(of: value, kind: .region)
        if policy.settings.takesDefaultsFromNodes, region.lacksWhatNodesSay {
            undefaulted.append(location)
        } else {
            findings = policy.judge(region, surroundings: surroundings) + findings
        }
        add(findings, Region.kind, value, text)
        let record = RegionRecord(region, namespace: namespace)
        note(record.object, Region.kind, value, location, text)
        regions.append((location, record))
        inventory.add(record)
    }

    private mutating func judge(node value: Value, _ location: ManifestReader.Location, _ text: SourceText) {
        summary.objects += 1
        let review = ObjectReview(kind: .node, operation: .create, object: value)
        let findings = policy.judge(review, surroundings: surroundings) + policy.schemaFindings(of: value, kind: .node)
        add(findings, Node.kind, value, text)
        let node = Node(value)
        let name = node.metadata.name.content.map { String($0) } ?? ""
        note(ObjectName(namespace: "", name: name), Node.kind, value, location, text)
        guard let record = NodeRecord(node) else { return }
        nodes.append((location, record))
        inventory.add(record)
    }

    /// One object by itself: there are no others yet.
    var surroundings: Surroundings {
        Surroundings(inventory: Inventory(), now: now, isDryRun: false, settings: policy.settings)
    }

    private mutating func add(_ findings: [Finding], _ kind: String, _ value: Value, _ text: SourceText) {
        if findings.isEmpty { return }
        let object = ManifestObject.describe(kind, value)
        for finding in findings { entries.append(ReportEntry(finding, about: object, at: value, in: text)) }
    }

    /// Notes where an object stands, and reports that it stood somewhere already.
    private mutating func note(
        _ name: ObjectName, _ kind: String, _ value: Value, _ location: ManifestReader.Location, _ text: SourceText
    ) {
        guard !name.name.isEmpty else { return }
        let path = FieldPath("metadata", "name")
        let position = value.resolve(path).value.position ?? .unknown
        let entry = ObjectIndex.Entry(location: location, file: text.path, position: position)
        guard let first = objects.add(entry, of: ObjectIndex.Key(kind: kind, object: name)),
            let finding = policy.finding(
                .objectDuplicate, .duplicate, path, shown: Self.quoted(name.name),
                "\(kind) \"\(name)\" is given in \(first.file) already")
        else { return }
        let object = ManifestObject.describe(kind, value)
        var duplicate = ReportEntry(finding, about: object, at: position, in: text)
        duplicate.related = RelatedPlace(file: first.file, position: first.position, object: object)
        entries.append(duplicate)
    }

    private static func quoted(_ text: String) -> String { "\"\(PrintableText.escaped(text, limit: 64))\"" }
}
