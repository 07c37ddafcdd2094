import Admission
import Documents
import KubernetesTypes
import Policy
import RegionAPI
import Reporting

/// What the rules about several objects find, and the second reading that gives their findings a place.
///
/// Only documents are read again that one of them found something in, that are the other side of a conflict, or that
/// hold a recorded review.
struct SecondReading {
    /// An object and what was found in it.
    private struct Found {
        let kind: String
        let object: ObjectName
        let findings: [Finding]

        /// Whether it still is the object that was judged.
        func isAbout(_ value: Value) -> Bool {
            value["metadata"]?["name"]?.text.map { String($0) } ?? "" == object.name
        }
    }

    private struct Place: Hashable {
        let location: ManifestReader.Location
        let path: FieldPath
    }

    private let policy: Policy
    private let surroundings: Surroundings
    private let objects: ObjectIndex
    /// What is still without a place.
    private var found: [ManifestReader.Location: Found] = [:]
    private var reviews: Set<ManifestReader.Location>
    /// Regions that have not been judged by themselves yet.
    private var undefaulted: Set<ManifestReader.Location>
    /// Of one object by itself.
    private let alone: Surroundings
    /// Fields that are the other side of a conflict.
    private var wanted: [ManifestReader.Location: Set<FieldPath>] = [:]
    private var places: [Place: SourcePosition] = [:]
    private var pending: [(entry: ReportEntry, related: Finding.Related?)] = []

    /// Judges what the first reading kept, and by Secrets that were read elsewhere.
    init(policy: Policy, now: Int64, of first: FirstReading, secrets: [ObjectName: SecretState] = [:]) {
        self.policy = policy
        objects = first.objects
        reviews = Set(first.reviews)
        undefaulted = Set(first.undefaulted)
        alone = first.surroundings
        var inventory = first.inventory
        if policy.settings.takesDefaultsFromNodes { inventory.applyDefaultsFromNodes() }
        var surroundings = Surroundings(
            inventory: inventory, now: now, isDryRun: false, settings: policy.settings)
        surroundings.secrets = secrets
        self.surroundings = surroundings
        for (location, record) in first.regions {
            let findings = policy.judge(record, surroundings: surroundings)
            note(findings, Region.kind, record.object, location)
        }
        for (location, record) in first.nodes {
            let findings = policy.judge(record, surroundings: surroundings)
            note(findings, Node.kind, ObjectName(namespace: "", name: record.name), location)
        }
    }

    private mutating func note(
        _ findings: [Finding], _ kind: String, _ object: ObjectName, _ location: ManifestReader.Location
    ) {
        if findings.isEmpty { return }
        found[location] = Found(kind: kind, object: object, findings: findings)
        for case let related? in findings.map(\.related) {
            guard let other = objects[related] else { continue }
            wanted[other.location, default: []].insert(related.path)
        }
    }

    /// The sources to read again, in their order.
    var sources: [Int] {
        let locations = [
            found.keys.map(\.source), wanted.keys.map(\.source), reviews.map(\.source), undefaulted.map(\.source),
        ]
        return Set(locations.joined()).sorted()
    }

    /// Takes one document again. What cannot be read was said the first time.
    mutating func visit(_ result: Result<Document, DocumentError>, in text: SourceText) {
        guard case .success(let document) = result else { return }
        for (item, (object, value)) in ManifestObject.all(in: document.root).enumerated() {
            let location = ManifestReader.Location(source: text.source, document: document.index, item: item)
            for path in wanted[location] ?? [] {
                places[Place(location: location, path: path)] = value.resolve(path).value.position
            }
            if case .judged(.region) = object, undefaulted.remove(location) != nil {
                let findings = policy.judge(
                    Region(value), surroundings: alone, defaultsFrom: surroundings.inventory)
                for finding in findings { add(finding, Region.kind, value, text) }
            }
            if let found = found[location], found.isAbout(value) {
                self.found[location] = nil
                for finding in found.findings { add(finding, found.kind, value, text) }
            }
            if case .review = object, reviews.remove(location) != nil { judge(review: value, text) }
        }
    }

    private mutating func add(_ finding: Finding, _ kind: String, _ value: Value, _ text: SourceText) {
        let object = ManifestObject.describe(kind, value)
        pending.append((ReportEntry(finding, about: object, at: value, in: text), finding.related))
    }

    /// Judges a recorded review as the server would, with everything that was read around it.
    private mutating func judge(review root: Value, _ text: SourceText) {
        var settings = policy.settings
        settings.isOffline = false
        do throws(ReviewError) {
            let review = try AdmissionReview(root)
            let decision = try Admission(policy: Policy(settings)).decide(
                review, endpoint: .validate, inventory: surroundings.inventory, now: surroundings.now)
            let value = review.object ?? review.oldObject ?? root
            let kind = review.kind.map { String($0) } ?? AdmissionReview.kind
            for finding in decision.findings { add(finding, kind, value, text) }
        } catch {
            guard let finding = policy.finding(.type, .invalid, FieldPath(), error.description) else { return }
            add(finding, AdmissionReview.kind, root, text)
        }
    }

    /// All findings with their places; of those whose document has gone in between, the file alone.
    func entries(_ sources: [ManifestSource]) -> [ReportEntry] {
        var entries = pending.map { pending in
            var entry = pending.entry
            entry.related = pending.related.flatMap { place(of: $0, sources) }
            return entry
        }
        for (location, found) in found.sorted(by: { $0.key < $1.key }) {
            entries += found.findings.map { finding in
                ReportEntry(
                    finding: finding, file: sources[location.source].path, fileIndex: location.source,
                    position: .unknown, object: "\(found.kind) \(found.object)", sourceLine: nil,
                    related: finding.related.flatMap { place(of: $0, sources) })
            }
        }
        return entries
    }

    /// The other side of a conflict: its field, or its name where only a review asks for it.
    private func place(of related: Finding.Related, _ sources: [ManifestSource]) -> RelatedPlace? {
        guard let other = objects[related] else { return nil }
        let position = places[Place(location: other.location, path: related.path)] ?? other.position
        return RelatedPlace(file: other.file, position: position, object: "\(related.kind) \(related.object)")
    }
}
