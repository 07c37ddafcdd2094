import KubernetesTypes

/// Downgrades the faults that an update did not bring in (KEP-4008, CRD validation ratcheting, in spirit).
///
/// A fault is old where the old object had it too: the same rule, the same field and the same value. Elements of lists
/// are matched by what identifies them, never by their index, so that inserting a flavor makes no other one new. A
/// fault that the old object had once and the new one has twice is new the second time.
struct Ratchet {
    private struct Identity: Hashable {
        let rule: RuleID
        let field: String
        let value: String
    }

    private var old: [Identity: Int] = [:]

    init(old findings: [Finding], oldValue: Value) {
        for finding in findings { old[Self.identity(of: finding, in: oldValue), default: 0] += 1 }
    }

    func apply(to findings: inout Findings, of value: Value) {
        var remaining = old
        findings.replace { finding in
            let identity = Self.identity(of: finding, in: value)
            guard finding.severity == .deny, let count = remaining[identity], count > 0 else { return finding }
            remaining[identity] = count - 1
            var warning = finding
            warning.severity = .warn
            warning.isOld = true
            return warning
        }
    }

    private static func identity(of finding: Finding, in root: Value) -> Identity {
        var field = ""
        var current: Value? = root
        for component in finding.path.components {
            switch component {
            case .field(let name), .key(let name):
                field += "/" + name
                current = current?[key: name]
            case .index(let index):
                current = current.flatMap { Array($0.elements).element(at: index) }
                field += "[" + (current.map(name(ofElement:)) ?? "") + "]"
            }
        }
        return Identity(rule: finding.rule, field: field, value: current.map(Self.json) ?? "")
    }

    /// What an element of a list is known by: its id, else its name, else all of it.
    private static func name(ofElement element: Value) -> String {
        for key: StaticString in ["id", "name"] {
            if let text = element[key]?.text { return String(text) }
        }
        // A flavor that has neither is told from others by its faults alone.
        return element.isObject && element["startId"] == nil ? "" : json(element)
    }

    private static func json(_ value: Value) -> String { String(decoding: value.jsonText, as: UTF8.self) }
}

extension Array {
    fileprivate func element(at index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
