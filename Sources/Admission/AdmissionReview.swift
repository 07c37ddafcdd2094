package import KubernetesTypes
package import Policy
import RegionAPI

/// A request for admission, as far as it is read (upstream: `admission/v1.AdmissionReview`).
///
/// It is a view of the body it was decoded from. v1beta1 has the same shape and is answered in kind.
package struct AdmissionReview {
    package static let group = "admission.k8s.io"
    package static let kind = "AdmissionReview"

    /// `admission.k8s.io/v1` or `/v1beta1`, to be answered in the same.
    package let version: Version
    package private(set) var uid = Text("")
    package private(set) var operation = Operation.connect
    package var group: Text?
    package var apiVersion: Text?
    package var kind: Text?
    package var resource: Text?
    package var subresource: Text?
    package var name: Text?
    package var namespace: Text?
    package var username: Text?
    /// `userInfo.groups`.
    package var groups: Value?
    /// `userInfo`, all of it.
    package var userInfo: Value?
    package var object: Value?
    package var oldObject: Value?
    package var isDryRun = false

    package enum Version: String, Sendable {
        case v1 = "admission.k8s.io/v1"
        case v1beta1 = "admission.k8s.io/v1beta1"
    }

    /// What no rule reads of a review: JSON pointers (RFC 6901).
    package static let unread =
        UnreadFields.pointers(below: "/request/object") + UnreadFields.pointers(below: "/request/oldObject")

    /// Reads a review.
    ///
    /// - Throws: `ReviewError` where the body is no review that can be answered.
    package init(_ root: Value) throws(ReviewError) {
        guard root.isObject else { throw ReviewError("expected an AdmissionReview, found \(root.kind.phrase)") }
        var fields: (kind: Value?, version: Value?, request: Value?)
        for (key, value) in root.fields {
            if key == "kind" {
                fields.kind = value
            } else if key == "apiVersion" {
                fields.version = value
            } else if key == "request" {
                fields.request = value
            }
        }
        guard let kind = fields.kind?.text, kind == "AdmissionReview" else {
            throw ReviewError("expected kind AdmissionReview, found \(Self.show(fields.kind))")
        }
        version = try Self.version(fields.version)
        guard let request = fields.request, request.isObject else {
            throw ReviewError("the AdmissionReview has no request")
        }
        try decode(request)
    }

    private static func version(_ value: Value?) throws(ReviewError) -> Version {
        if let text = value?.text {
            if text == "admission.k8s.io/v1" { return .v1 }
            if text == "admission.k8s.io/v1beta1" { return .v1beta1 }
        }
        throw ReviewError("apiVersion is admission.k8s.io/v1 or admission.k8s.io/v1beta1, found \(show(value))")
    }

    private static func operation(_ text: Text) -> Operation? {
        if text == "CREATE" { return .create }
        if text == "UPDATE" { return .update }
        if text == "DELETE" { return .delete }
        if text == "CONNECT" { return .connect }
        return nil
    }

    private static func show(_ value: Value?) -> String { value.map(Findings.show) ?? "none" }

    private mutating func decode(_ request: Value) throws(ReviewError) {
        var verb: Value?
        for (key, value) in request.fields {
            if key == "uid" {
                uid = value.text ?? Text("")
            } else if key == "operation" {
                verb = value
            } else if key == "object" {
                object = value.isNull ? nil : value
            } else if key == "oldObject" {
                oldObject = value.isNull ? nil : value
            } else if key == "kind" {
                group = value["group"]?.text
                apiVersion = value["version"]?.text
                kind = value["kind"]?.text
            } else if key == "resource" {
                resource = value["resource"]?.text
            } else if key == "subResource" {
                subresource = value.text
            } else if key == "name" {
                name = value.text
            } else if key == "namespace" {
                namespace = value.text
            } else if key == "userInfo" {
                userInfo = value
                username = value["username"]?.text
                groups = value["groups"]
            } else if key == "dryRun" {
                isDryRun = value.bool ?? false
            }
        }
        guard !uid.isEmpty else { throw ReviewError("request.uid is missing") }
        guard let operation = verb?.text.flatMap(Self.operation) else {
            throw ReviewError("request.operation is CREATE, UPDATE, DELETE or CONNECT, found \(Self.show(verb))")
        }
        self.operation = operation
    }

    /// Whether the user belongs to a group.
    func isMember(of group: StaticString) -> Bool {
        groups?.elements.contains { $0.text.map { $0 == group } ?? false } ?? false
    }
}

/// Why a body is no AdmissionReview that can be answered: HTTP 400.
package struct ReviewError: Error, CustomStringConvertible, Sendable {
    package let description: String

    init(_ description: String) { self.description = description }
}
