import Admission
import Documents
import KubernetesTypes
package import Policy
import RegionAPI
package import Reporting

/// Judges manifests by the same rules as the server.
///
/// Each source is read once: objects are judged by themselves, and what rules about several objects need of them is
/// kept. Then those rules run over what was kept, and only the documents that one of them found something in are read
/// again, for the places. So memory grows with the inventory, not with the documents.
package final class OfflineValidator {
    private let policy: Policy
    private let now: Int64
    private let reader: ManifestReader
    private var inventory = Inventory()
    private var report = Report()
    private var regions: [(location: ManifestReader.Location, record: RegionRecord)] = []
    private var nodes: [(location: ManifestReader.Location, record: NodeRecord)] = []
    private var reviews: [ManifestReader.Location] = []
    private var locations: [ObjectKey: ManifestReader.Location] = [:]

    private struct ObjectKey: Hashable {
        let kind: String
        let object: ObjectName
    }

    /// - Parameters:
    ///   - isComplete: whether what the sources do not hold does not exist.
    ///   - now: seconds since 1970, UTC, to judge certificates by.
    package init(policy: Policy, sources: [ManifestSource], isComplete: Bool, now: Int64) {
        self.policy = policy
        self.now = now
        reader = ManifestReader(sources: sources)
        inventory.isComplete = isComplete
    }

    /// Reads and judges everything.
    ///
    /// - Parameter progress: called after each source, with how many were read.
    /// - Throws: where a source cannot be read.
    package func run(progress: (Int) -> Void = { _ in }) throws(ManifestError) -> Report {
        report.summary.files = reader.sources.count
        for source in reader.sources.indices {
            try readFirst(source)
            progress(source + 1)
        }
        try judgeTogether()
        report.sort()
        report.summary.errors = report.entries.count { $0.finding.severity == .deny }
        report.summary.warnings = report.entries.count - report.summary.errors
        return report
    }

    // MARK: The first reading

    private func readFirst(_ source: Int) throws(ManifestError) {
        try reader.read(source) { result, text in
            switch result {
            case .success(let document): visit(document, text, source)
            case .failure(let error): note(error, text, source)
            }
        }
    }

    private func note(_ error: DocumentError, _ text: SourceText, _ source: Int) {
        report.summary.documents += 1
        guard let finding = policy.finding(.syntax, .invalid, FieldPath(), error.message) else { return }
        add(finding, at: error.position, object: nil, text, source)
    }

    private func visit(_ document: Document, _ text: SourceText, _ source: Int) {
        let root = document.root
        // An empty document, as a file that ends with `---` has.
        if root.isNull { return }
        report.summary.documents += 1
        for duplicate in document.duplicateKeys {
            let path = FieldPath(duplicate.key)
            guard let finding = policy.finding(
                .duplicateKey, .duplicate, path, shown: "\"\(PrintableText.escaped(duplicate.key, limit: 64))\"",
                "this mapping has the key already, in line \(duplicate.first.line)")
            else { continue }
            add(finding, at: duplicate.second, object: nil, text, source)
        }
        guard root.isObject else {
            if let finding = policy.finding(
                .type, .typeInvalid, FieldPath(), shown: Findings.show(root),
                "expected an object with apiVersion and kind, found \(root.kind.phrase)")
            {
                add(finding, at: root.position ?? document.start, object: nil, text, source)
            }
            return
        }
        for (item, (object, value)) in ManifestObject.all(in: root).enumerated() {
            let location = ManifestReader.Location(source: source, document: document.index, item: item)
            visit(object, value, location, text)
        }
    }

    private func visit(
        _ object: ManifestObject, _ value: Value, _ location: ManifestReader.Location, _ text: SourceText
    ) {
        switch object {
        case .judged(let kind, let value): judge(kind, value, location, text)
        case .secret(let secret):
            if let record = SecretReader.record(secret) { inventory.add(record) }
            report.summary.skipped += 1
        case .review:
            reviews.append(location)
            report.summary.objects += 1
        case .unknownVersion(let region, let apiVersion):
            report.summary.skipped += 1
            if let finding = policy.finding(
                .unknownField, .notSupported, FieldPath("apiVersion"), shown: "\"\(PrintableText.escaped(apiVersion, limit: 64))\"",
                "this program knows \"region.unikorn-cloud.org/v1alpha1\"; the object was not judged")
            {
                add([finding], in: region, object: ManifestObject.describe(Region.kind, region), text, location.source)
            }
        case .skipped: report.summary.skipped += 1
        }
    }

    private func judge(
        _ kind: ObjectReview.Kind, _ value: Value, _ location: ManifestReader.Location, _ text: SourceText
    ) {
        report.summary.objects += 1
        switch kind {
        case .region:
            let region = Region(value)
            let findings = policy.judge(region, surroundings: surroundings(Inventory()))
            add(findings + policy.unknownFields(of: value, kind: kind), in: value, kind: kind, text, location.source)
            let record = RegionRecord(region)
            keep(record.object, kind, location, value, text)
            regions.append((location, record))
            inventory.add(record)
        case .node:
            let findings = policy.judge(
                ObjectReview(kind: kind, operation: .create, object: value), surroundings: surroundings(Inventory()))
            add(findings + policy.unknownFields(of: value, kind: kind), in: value, kind: kind, text, location.source)
            let node = Node(value)
            let name = node.metadata.name.content.map { String($0) } ?? ""
            keep(ObjectName(namespace: "", name: name), kind, location, value, text)
            guard let record = NodeRecord(node) else { return }
            nodes.append((location, record))
            inventory.add(record)
        }
    }

    /// Notes where an object stands, and that it stood somewhere already.
    private func keep(
        _ name: ObjectName, _ kind: ObjectReview.Kind, _ location: ManifestReader.Location, _ value: Value, _ text: SourceText
    ) {
        guard !name.name.isEmpty else { return }
        let key = ObjectKey(kind: kind.rawValue, object: name)
        guard let first = locations.updateValue(location, forKey: key) else { return }
        let path = FieldPath("metadata", "name")
        if let finding = policy.finding(
            .objectDuplicate, .duplicate, path, shown: "\"\(PrintableText.escaped(name.name, limit: 64))\"",
            "\(kind.rawValue) \"\(name)\" is given in \(reader.sources[first.source].path) already")
        {
            add([finding], in: value, object: ManifestObject.describe(kind.rawValue, value), text, location.source)
        }
    }

    // MARK: The rules about several objects

    private func surroundings(_ inventory: Inventory) -> Surroundings {
        Surroundings(inventory: inventory, now: now, isDryRun: false, settings: policy.settings)
    }

    private func judgeTogether() throws(ManifestError) {
        let surroundings = surroundings(inventory)
        var second = SecondReading()
        for (location, record) in regions {
            second.add(policy.judge(record, surroundings: surroundings), at: location)
        }
        for (location, record) in nodes {
            second.add(policy.judge(record, surroundings: surroundings), at: location)
        }
        for location in reviews { second.add([], at: location) }
        guard !second.findings.isEmpty else { return }
        // The other sides of conflicts are places too.
        var wanted = second.findings.mapValues { _ in Set<FieldPath>() }
        for finding in second.findings.values.joined() {
            guard let related = finding.related, let location = location(of: related) else { continue }
            wanted[location, default: []].insert(related.path)
        }
        for source in Set(wanted.keys.map(\.source)).sorted() {
            try readAgain(source, &second, wanted)
        }
        for index in second.pending.indices {
            var entry = second.pending[index].entry
            if let related = second.pending[index].related, let location = location(of: related),
                let position = second.places[SecondReading.Place(location: location, path: related.path)]
            {
                entry.related = RelatedPlace(
                    file: reader.sources[location.source].path, position: position,
                    object: "\(related.kind) \(related.object)")
            }
            report.entries.append(entry)
        }
    }

    private func location(of related: Finding.Related) -> ManifestReader.Location? {
        locations[ObjectKey(kind: related.kind, object: related.object)]
    }

    /// What the second reading collects.
    private struct SecondReading {
        struct Place: Hashable {
            let location: ManifestReader.Location
            let path: FieldPath
        }

        var findings: [ManifestReader.Location: [Finding]] = [:]
        var places: [Place: SourcePosition] = [:]
        var pending: [(entry: ReportEntry, related: Finding.Related?)] = []

        mutating func add(_ found: [Finding], at location: ManifestReader.Location) {
            // A review has findings only once it is read again.
            findings[location, default: []] += found
        }
    }

    private func readAgain(
        _ source: Int, _ second: inout SecondReading, _ wanted: [ManifestReader.Location: Set<FieldPath>]
    ) throws(ManifestError) {
        try reader.read(source) { result, text in
            // What cannot be read was said the first time.
            guard case .success(let document) = result else { return }
            for (item, (object, value)) in ManifestObject.all(in: document.root).enumerated() {
                let location = ManifestReader.Location(source: source, document: document.index, item: item)
                guard let paths = wanted[location] else { continue }
                for path in paths {
                    second.places[SecondReading.Place(location: location, path: path)] =
                        value.resolve(path).value.position
                }
                complete(object, value, location, text, &second)
            }
        }
    }

    private func complete(
        _ object: ManifestObject, _ value: Value, _ location: ManifestReader.Location, _ text: SourceText,
        _ second: inout SecondReading
    ) {
        let (findings, subject, kind) =
            switch object {
            case .judged(let kind, _): (second.findings[location] ?? [], value, kind.rawValue)
            case .review: judge(review: value)
            default: ([], value, "")
            }
        let name = ManifestObject.describe(kind, subject)
        for finding in findings {
            second.pending.append(
                (entry(finding, in: subject, object: name, text, location.source), finding.related))
        }
    }

    /// Judges a recorded review as the server would, with everything that was read around it.
    private func judge(review root: Value) -> (findings: [Finding], subject: Value, kind: String) {
        do throws(ReviewError) {
            let review = try AdmissionReview(root)
            let decision = try Admission(policy: policy).decide(
                review, endpoint: .validate, inventory: inventory, now: now)
            let subject = review.object ?? review.oldObject ?? root
            return (decision.findings, subject, review.kind.map { String($0) } ?? AdmissionReview.kind)
        } catch {
            let finding = policy.finding(.type, .invalid, FieldPath(), error.description)
            return (finding.map { [$0] } ?? [], root, AdmissionReview.kind)
        }
    }

    // MARK: Entries

    private func add(
        _ findings: [Finding], in root: Value, kind: ObjectReview.Kind, _ text: SourceText, _ source: Int
    ) {
        if findings.isEmpty { return }
        add(findings, in: root, object: ManifestObject.describe(kind.rawValue, root), text, source)
    }

    private func add(
        _ findings: [Finding], in root: Value, object: String, _ text: SourceText, _ source: Int
    ) {
        for finding in findings { report.entries.append(entry(finding, in: root, object: object, text, source)) }
    }

    private func add(
        _ finding: Finding, at position: SourcePosition, object: String?, _ text: SourceText, _ source: Int
    ) {
        report.entries.append(
            ReportEntry(
                finding: finding, file: reader.sources[source].path, fileIndex: source, position: position,
                object: object, sourceLine: text.line(position.line)))
    }

    private func entry(
        _ finding: Finding, in root: Value, object: String, _ text: SourceText, _ source: Int
    ) -> ReportEntry {
        let (value, isExact) = root.resolve(finding.path)
        // An unknown field is its key; of a field that is absent, the place is the object that lacks it.
        let ofKey = finding.rule == .unknownField && isExact ? value.keyPosition : nil
        let position = ofKey ?? value.position ?? .unknown
        return ReportEntry(
            finding: finding, file: reader.sources[source].path, fileIndex: source, position: position,
            object: object, sourceLine: text.line(position.line))
    }
}
