package import Admission
package import Foundation
package import Policy

/// The answer to a review, as the API server would decode it (`admission/v1.AdmissionReview`).
package struct AnswerDocument: Decodable, Equatable, Sendable {
    package struct Cause: Decodable, Equatable, Sendable {
        package var reason: String
        package var message: String
        package var field: String

        package init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    package struct Details: Decodable, Equatable, Sendable {
        package var name: String
        package var group: String
        package var kind: String
        package var causes: [Cause]
    }

    package struct Status: Decodable, Equatable, Sendable {
        package var status: String
        package var message: String
        package var reason: String
        package var details: Details
        package var code: Int
    }

    package struct Response: Decodable, Equatable, Sendable {
        package var uid: String
        package var allowed: Bool
        package var status: Status?
        package var patchType: String?
        package var patch: Data?
        package var warnings: [String]?
        package var auditAnnotations: [String: String]?
    }

    /// One operation of the patch; every value of this project's is a string, an integer or an object of them.
    package struct Operation: Decodable, Equatable, Sendable {
        package var op: String
        package var path: String
        package var value: Value

        package indirect enum Value: Decodable, Equatable, Sendable {
            case string(String)
            case integer(Int)
            case object([String: Value])

            package init(from decoder: any Swift.Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let integer = try? container.decode(Int.self) {
                    self = .integer(integer)
                } else if let object = try? container.decode([String: Value].self) {
                    self = .object(object)
                } else {
                    self = .string(try container.decode(String.self))
                }
            }
        }

        package init(add path: String, _ value: Value) {
            op = "add"
            self.path = path
            self.value = value
        }
    }

    package var apiVersion: String
    package var kind: String
    package var response: Response

    package init(_ json: [UInt8]) throws {
        self = try JSONDecoder().decode(Self.self, from: Data(json))
    }

    package var operations: [Operation] {
        get throws {
            try response.patch.map { try JSONDecoder().decode([Operation].self, from: $0) } ?? []
        }
    }
}

/// Answers the body of a review, without a server around it.
package enum Answering {
    /// `emptied` is what the server does not read.
    package static func bytes(
        _ body: [UInt8], _ endpoint: Endpoint = .validate, settings: PolicySettings = .forTests,
        inventory: Inventory = Inventory(), emptying emptied: [String] = AdmissionReview.unread
    ) throws -> [UInt8] {
        let admission = Admission(policy: Policy(settings))
        return try ParsedJSON(body, emptying: emptied).read { root in
            let review = try AdmissionReview(root)
            let decision = try admission.decide(
                review, endpoint: endpoint, inventory: inventory, now: Placeholders.now)
            var output: [UInt8] = []
            Answer.write(decision, to: review, into: &output)
            return output
        }
    }

    package static func answer(
        _ body: [UInt8], _ endpoint: Endpoint = .validate, settings: PolicySettings = .forTests,
        inventory: Inventory = Inventory()
    ) throws -> AnswerDocument {
        try AnswerDocument(bytes(body, endpoint, settings: settings, inventory: inventory))
    }

    package static func answer(_ body: ReviewBody, _ endpoint: Endpoint = .validate) throws -> AnswerDocument {
        try answer(body.bytes, endpoint)
    }
}

/// Requests recorded from a kube-apiserver: `Tests/Fixtures/admission-reviews`.
package enum RecordedReview {
    package static let all = PackageFiles.files(
        below: PackageFiles.fixtures.appendingPathComponent("admission-reviews"), ending: ".json"
    ).map(\.lastPathComponent)

    package static func body(_ name: String) throws -> [UInt8] {
        try PackageFiles.bytes(of: PackageFiles.fixtures.appendingPathComponent("admission-reviews/" + name))
    }
}
