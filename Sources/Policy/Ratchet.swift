import KubernetesTypes

/// Downgrades the faults that an update did not bring in (KEP-4008, CRD validation ratcheting, in spirit).
///
/// A fault is old where the old object had it too: the same rule, the same field and the same value. Elements of lists
/// are matched by what identifies them, never by their index, so that inserting a flavor makes no other one new. A
/// fault that the old object had once and the new one has twice is new the second time.
struct Ratchet {
    private struct Identity: Hashable {
        let rule: RuleID
        let field: [String]
        let value: [UInt8]
    }

    private var old: [Identity: Int] = [:]

    init(old findings: [Finding], oldValue: Value) {
        var document = ValueIndex(oldValue)
        for finding in findings { old[Self.identity(of: finding, in: &document), default: 0] += 1 }
    }

    func apply(to findings: inout Findings, of value: Value) {
        var remaining = old
        var document = ValueIndex(value)
        findings.replace { finding in
            guard finding.severity == .deny else { return finding }
            let identity = Self.identity(of: finding, in: &document)
            guard let count = remaining[identity], count > 0 else { return finding }
            remaining[identity] = count - 1
            return finding.old
        }
    }

    private static func identity(of finding: Finding, in document: inout ValueIndex) -> Identity {
        var field: [String] = []
        var current: Value? = document.root
        for component in finding.path.components {
            if let container = current { current = document.child(component, of: container) }
            switch component {
            case .field(let name), .key(let name): field.append(name)
            case .index:
                // Which of two equal entries is the duplicate is a matter of their order, and that is no fault.
                field.append(finding.reason == .duplicate ? "" : current.map(name(ofElement:)) ?? "")
            }
        }
        return Identity(rule: finding.rule, field: field, value: current?.jsonText ?? [])
    }

    /// What an element of a list is known by: its id, else its name, else all of it.
    private static func name(ofElement element: Value) -> String {
        for key: StaticString in ["id", "name"] {
            if let text = element[key]?.text { return String(text) }
        }
        // A flavor that has neither is told from others by its faults alone.
        if element.isObject, element["startId"] == nil { return "" }
        return String(decoding: element.jsonText, as: UTF8.self)
    }
}
