import Admission
import KubernetesTypes
import TestSupport
import WebhookServer

/// An answer, taken apart and checked for what the API server asks of every one.
struct ReviewAnswer {
    struct Addition {
        let path: [String]
        let value: JSONTree
    }

    private(set) var patch: [Addition] = []

    init(_ bytes: [UInt8], to review: AdmissionReview, _ endpoint: ReviewEndpoint) throws {
        try withJSON(bytes) { root in
            try hold(!root.hasDuplicateKeys, "an answer has a key twice")
            try equal(root["apiVersion"]?.text.map { String($0) }, review.version.rawValue, "apiVersion")
            guard let response = root["response"], let allowed = response["allowed"]?.bool else {
                throw FuzzFault(description: "an answer without a response")
            }
            try hold(response["uid"]?.text == review.uid, "the uid of another review")
            try equal(response["status"] == nil, allowed, "a status and no refusal, or a refusal and no status")
            if let status = response["status"] { try Self.check(status) }
            try Self.check(warnings: response["warnings"])
            if endpoint == .mutate { try hold(allowed, "a refusal from /mutate") }
            try hold((response["patch"] == nil) == (response["patchType"] == nil), "a patch without its type")
            for annotation in response["auditAnnotations"].map({ Array($0.fields) }) ?? [] {
                try holdPrintable(annotation.value.text.map { String($0) } ?? "")
            }
            guard let text = response["patch"]?.text else { return }
            patch = try withJSON(try Base64.decode(text)) { try $0.elements.map(Self.addition) }
            try hold(!patch.isEmpty, "an empty patch")
        }
    }

    private static func check(_ status: Value) throws {
        try equal(status["code"]?.int, 422, "code")
        try holdPrintable(status["message"]?.text.map { String($0) } ?? "")
        let causes = status["details"]?["causes"].map { Array($0.elements) } ?? []
        try hold((1...Answer.maximumCauses).contains(causes.count), "\(causes.count) causes")
        for cause in causes {
            try holdPrintable(cause["message"]?.text.map { String($0) } ?? "")
            if let field = cause["field"]?.text, !field.isEmpty { try holdPrintable(String(field)) }
        }
    }

    private static func check(warnings: Value?) throws {
        guard let warnings else { return }
        try hold((1...Warning.maximumCount).contains(warnings.childCount), "\(warnings.childCount) warnings")
        for warning in warnings.elements {
            let text = warning.text.map { String($0) } ?? ""
            try holdPrintable(text)
            try hold(text.unicodeScalars.count <= Warning.maximumLength, "a warning that the API server cuts")
        }
    }

    private static func addition(_ operation: Value) throws -> Addition {
        guard operation["op"]?.text.map({ $0 == "add" }) == true, let path = operation["path"]?.text,
            let value = operation["value"]
        else { throw FuzzFault(description: "no JSON Patch addition") }
        let keys = String(path).split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let unescaped = keys.map { String($0).replacing("~1", with: "/").replacing("~0", with: "~") }
        return Addition(path: unescaped, value: JSONTree(value))
    }
}
