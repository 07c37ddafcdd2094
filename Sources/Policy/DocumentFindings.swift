package import KubernetesTypes
import RegionAPI

/// What the offline validator finds before a rule sees an object.
extension Policy {
    /// A fault of a document or of its place among others, weighed as the operator set its rule; nil when that is off.
    package func finding(
        _ rule: Rule, _ reason: FieldReason, _ path: FieldPath, shown: String? = nil, _ detail: String,
        hint: String? = nil, related: Finding.Related? = nil
    ) -> Finding? {
        var findings = Findings(settings)
        findings.report(rule, reason, path, shown: shown, detail, hint: hint, related: related)
        return findings.list.first
    }

    /// What an object has that its API has not: fields of no published version, and metadata of a wrong type.
    package func schemaFindings(of object: Value, kind: ObjectReview.Kind) -> [Finding] {
        var findings = Findings(settings)
        let schema = kind == .region ? Schema.region : Schema.node
        var count = 0
        schema.visitUnknown(in: object) { field in
            count += 1
            guard count <= Self.maximumUnknownFields else { return }
            let name = if case .field(let name)? = field.path.components.last { name } else { "" }
            findings.report(
                .unknownField, .invalid, field.path, shown: nil, "is a field that no published version of the API has",
                hint: field.known.nearest(to: name).map { "did you mean \"\($0)\"?" })
        }
        if count > Self.maximumUnknownFields {
            findings.report(
                .unknownField, .invalid, FieldPath(), shown: nil,
                "and \(count - Self.maximumUnknownFields) more fields that no published version of the API has")
        }
        reportMismatches(Schema.undecodedMismatches(inMetadataOf: object), in: object, &findings)
        return findings.list
    }

    /// More than anybody reads.
    private static let maximumUnknownFields = 1_000
}

extension [String] {
    /// The element that takes the fewest edits to become `name`, if they are few enough to be a slip.
    fileprivate func nearest(to name: String) -> String? {
        let limit = name.utf8.count < 5 ? 1 : 2
        let candidates = map { (word: $0, distance: Self.distance([UInt8]($0.utf8), [UInt8](name.utf8), limit: limit)) }
        return candidates.filter { $0.distance <= limit }.min { $0.distance < $1.distance }?.word
    }

    /// Levenshtein's distance, of letters whatever their case; more than `limit` where lengths alone tell so.
    private static func distance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int {
        guard abs(left.count - right.count) <= limit else { return limit + 1 }
        var row = [Int](0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let substitution = diagonal + (a | 0x20 == b | 0x20 ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = Swift.min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
