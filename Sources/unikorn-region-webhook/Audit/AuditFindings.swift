import KubernetesTypes
import Policy

/// What one audit found, and what is new or gone since the one before.
struct AuditFindings: Sendable {
    /// The same fault of the same object, whatever its message says now.
    private struct Key: Hashable {
        let kind: String
        let object: ObjectName
        let rule: RuleID
        let path: FieldPath
    }

    private var known: [Key: ClusterAudit.Found] = [:]

    /// Takes the place of what was found before, but for what could not be judged this time.
    mutating func replace(
        _ found: [ClusterAudit.Found], keeping isUnjudged: (ClusterAudit.Found) -> Bool = { _ in false }
    ) -> (new: [ClusterAudit.Found], gone: [ClusterAudit.Found]) {
        var next = known.filter { isUnjudged($0.value) }
        var new: [ClusterAudit.Found] = []
        for found in found {
            let key = Key(
                kind: found.kind, object: found.object, rule: found.finding.rule, path: found.finding.path)
            if next.updateValue(found, forKey: key) == nil, known[key] == nil { new.append(found) }
        }
        let gone = known.filter { next[$0.key] == nil }.map(\.value)
            .sorted { ($0.kind, $0.object.description) < ($1.kind, $1.object.description) }
        known = next
        return (new, gone)
    }

    mutating func forget() { known = [:] }

    /// How many there are of each rule and severity.
    var counts: [(rule: RuleID, severity: Severity, count: Int)] {
        var counts: [RuleID: (deny: Int, warn: Int)] = [:]
        for found in known.values {
            if found.finding.severity == .deny {
                counts[found.finding.rule, default: (0, 0)].deny += 1
            } else {
                counts[found.finding.rule, default: (0, 0)].warn += 1
            }
        }
        return counts.sorted { $0.key.rawValue < $1.key.rawValue }
            .flatMap { [($0.key, Severity.deny, $0.value.deny), ($0.key, Severity.warn, $0.value.warn)] }
            .filter { $0.2 > 0 }
    }
}
