import KubernetesTypes
import Policy

/// Writes the answer to a review (upstream: `admission/v1.AdmissionResponse`).
package enum Answer {
    /// Findings that a status lists, and defaults that an audit annotation does. More are counted: a Region of thousands of flavors could have each of them wrong,
    /// and nobody reads megabytes of an error.
    package static let maximumCauses = 100

    /// Appends the whole AdmissionReview.
    package static func write(_ decision: Decision, to review: AdmissionReview, into output: inout [UInt8]) {
        output.append(json: #"{"apiVersion":""#)
        output.append(utf8: review.version.rawValue)
        output.append(json: #"","kind":"AdmissionReview","response":{"uid":"#)
        output.append(printableJSONString: review.uid)
        output.append(json: #","allowed":"#)
        output.append(jsonBool: decision.isAllowed)
        if !decision.isAllowed { writeStatus(decision, review, into: &output) }
        if !decision.defaults.isEmpty { writePatch(decision, into: &output) }
        Warning.append(decision.findings, to: &output)
        writeAuditAnnotations(decision, into: &output)
        output.append(json: "}}")
    }

    private static func writeStatus(_ decision: Decision, _ review: AdmissionReview, into output: inout [UInt8]) {
        let denials = decision.denials
        let name = review.name.map { String($0) } ?? ""
        let kind = review.kind.map { String($0) } ?? ""
        output.append(json: #","status":{"metadata":{},"status":"Failure","message":"#)
        output.append(jsonString: message(kind: kind, name: name, denials))
        output.append(
            json: decision.retryAfterSeconds == nil ? #","reason":"Invalid""# : #","reason":"TooManyRequests""#)
        output.append(json: #","details":{"name":"#)
        output.append(printableJSONString: PrintableText.escaped(name, limit: maximumName))
        output.append(json: #","group":"#)
        output.append(printableJSONString: review.group.map { String($0) } ?? "")
        output.append(json: #","kind":"#)
        output.append(printableJSONString: kind)
        output.append(json: #","causes":"#)
        output.append(jsonArray: denials.prefix(maximumCauses)) { output, finding in
            output.append(json: #"{"reason":""#)
            output.append(utf8: finding.reason.rawValue)
            output.append(json: #"","message":"#)
            output.append(jsonString: PrintableText.escaped(finding.message, limit: .max))
            output.append(json: #","field":"#)
            output.append(jsonString: finding.field)
            output.append(UInt8(ascii: "}"))
        }
        if let seconds = decision.retryAfterSeconds {
            output.append(json: #","retryAfterSeconds":"#)
            output.append(jsonInteger: seconds)
        }
        output.append(json: #"},"code":"#)
        output.append(jsonInteger: decision.code)
        output.append(UInt8(ascii: "}"))
    }

    /// The message that stands alone: most clients show nothing else. As `field.ErrorList.ToAggregate` writes it, with
    /// brackets around more than one.
    static func message(kind: String, name: String, _ denials: [Finding]) -> String {
        var lines = denials.prefix(maximumCauses).map { PrintableText.escaped($0.line, limit: .max) }
        if denials.count > maximumCauses { lines.append("and \(denials.count - maximumCauses) more") }
        let list = lines.count == 1 ? lines[0] : "[\(lines.joined(separator: ", "))]"
        return "\(kind) \"\(PrintableText.escaped(name, limit: maximumName))\" is invalid: \(list)"
    }

    /// kubectl shows the name as it stands in the details. No name that an object can have is longer, or changed by this.
    private static let maximumName = DNS1123.maximumSubdomainLength

    private static func writePatch(_ decision: Decision, into output: inout [UInt8]) {
        var patch: [UInt8] = []
        patch.reserveCapacity(decision.defaults.count * usualOperation)
        patch.append(jsonArray: decision.defaults) { $1.appendPatch(to: &$0) }
        output.append(json: #","patchType":"JSONPatch","patch":""#)
        Base64.append(patch, to: &output)
        output.append(UInt8(ascii: "\""))
    }

    /// Bytes of an operation of a patch; few are longer.
    private static let usualOperation = 128

    /// Keys are prefixed with the webhook's name by the API server.
    private static func writeAuditAnnotations(_ decision: Decision, into output: inout [UInt8]) {
        if decision.findings.isEmpty, decision.defaults.isEmpty { return }
        output.append(json: #","auditAnnotations":{"#)
        var isFirst = true
        func begin(_ key: String) {
            output.append(json: isFirst ? "\"" : ",\"")
            isFirst = false
            output.append(utf8: key)
            output.append(json: "\":")
        }
        for (key, severity) in [("denied", Severity.deny), ("warned", .warn)] {
            let rules = decision.rules(severity)
            if rules.isEmpty { continue }
            begin(key)
            // Ids of rules need no escape.
            for (index, rule) in rules.enumerated() {
                output.append(json: index == 0 ? "\"" : ",")
                output.append(utf8: rule.rawValue)
            }
            output.append(json: "\"")
        }
        if !decision.defaults.isEmpty {
            for id in Default.ID.allCases {
                let fields = fields(decision.defaults, id)
                if fields.isEmpty { continue }
                begin(id.rawValue)
                fields.withUnsafeBufferPointer { output.append(jsonString: $0) }
            }
        }
        output.append(json: "}")
    }

    /// The fields that a default set, with their values: `path=value,path=value`. Empty where it set none.
    private static func fields(_ defaults: [Default], _ id: Default.ID) -> [UInt8] {
        var list: [UInt8] = []
        var count = 0
        // By index: an iterator copies each default.
        for index in defaults.indices where defaults[index].id == id {
            count += 1
            guard count <= maximumCauses else { continue }
            if count == 1 { list.reserveCapacity(maximumField) }
            if count > 1 { list.append(UInt8(ascii: ",")) }
            let start = list.count
            defaults[index].path.append(to: &list)
            list.append(UInt8(ascii: "="))
            defaults[index].content.appendText(to: &list)
            let isPlain = list.withUnsafeBufferPointer {
                $0.count - start <= maximumField && PlainBytes.arePrintable(UnsafeBufferPointer(rebasing: $0[start...]))
            }
            if !isPlain {
                let entry = String(decoding: list[start...], as: UTF8.self)
                list.removeLast(list.count - start)
                list.append(utf8: PrintableText.escaped(entry, limit: maximumField))
            }
        }
        if count > maximumCauses { list.append(utf8: ",and \(count - maximumCauses) more") }
        return list
    }

    /// Unicode scalars of a field and its value in an audit annotation: as many as a warning has.
    private static let maximumField = Warning.maximumLength
}
