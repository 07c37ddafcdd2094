package import KubernetesTypes
package import Policy

/// What is to be found out for a review, and on whose behalf.
package struct AdmissionInquiry: Sendable {
    package let inquiry: Inquiry
    package let requester: Requester
}

/// What was found out.
package struct Facts: Sendable {
    package var secrets: [ObjectName: SecretState] = [:]
    package var uniqueness = Uniqueness.unjudged
    /// Why something that decides could not be found out: the request is to be sent again.
    package var unavailable: String?

    package init() {}
}

/// Who sent a request (upstream: `authentication/v1.UserInfo`), to be asked about what they may do.
package struct Requester: Hashable, Sendable {
    package var username: String
    package var uid: String
    package var groups: [String]
    package var extra: [String: [String]]

    package init(username: String, uid: String = "", groups: [String] = [], extra: [String: [String]] = [:]) {
        self.username = username
        self.uid = uid
        self.groups = groups
        self.extra = extra
    }

    init(_ review: AdmissionReview) {
        let user = review.userInfo
        self.init(
            username: review.username.map { String($0) } ?? "", uid: user?["uid"]?.text.map { String($0) } ?? "",
            groups: review.groups.map(Self.strings) ?? [])
        guard let fields = user?["extra"]?.fields else { return }
        for (key, value) in fields { extra[String(key)] = Self.strings(value) }
    }

    private static func strings(_ value: Value) -> [String] {
        value.isArray ? value.elements.compactMap { $0.text.map { String($0) } } : []
    }
}

/// How it is kept that no two Regions declare one class id (`--uniqueness`).
package enum UniquenessMode: String, CaseIterable, Sendable {
    /// Each new id is claimed before the Region is admitted: none is ever declared twice.
    case claims
    /// By the inventory, which is a moment old: two Regions that are created at once are both admitted.
    case cache
    case off
}
