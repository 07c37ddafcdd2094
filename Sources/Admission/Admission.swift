import KubernetesTypes
package import Policy
import RegionAPI

/// Which question the API server asks.
package enum Endpoint: String, Sendable {
    /// Is the object right?
    case validate
    /// What does the object lack?
    case mutate
}

/// Decides reviews. Pure: the same review, inventory and time give the same answer.
package struct Admission: Sendable {
    package let policy: Policy
    private let uniqueness: UniquenessMode
    private let scope: Inquiry.Scope

    /// Without a cluster to ask, ids are looked for in the inventory and Secrets are not read.
    package init(policy: Policy, uniqueness: UniquenessMode = .cache, readsSecrets: Bool = false) {
        self.policy = policy
        self.uniqueness = uniqueness
        var scope: Inquiry.Scope = readsSecrets ? .secrets : []
        if uniqueness == .claims { scope.insert(.claims) }
        self.scope = scope
    }

    /// Decides one review. `now` is in seconds since 1970, UTC. A request that says too little to be decided is an error.
    ///
    /// Without `facts` the decision stands unless there is an `inquiry` to be made first.
    package func decide(
        _ review: AdmissionReview, endpoint: Endpoint, inventory: Inventory, now: Int64, facts: Facts? = nil
    ) throws(ReviewError) -> Decision {
        guard let kind = Self.kind(of: review) else { return Decision(isUnknownKind: true) }
        // The status of a Region holds nothing that a rule reads; the status of a Node can carry labels.
        if let subresource = review.subresource, !subresource.isEmpty, !(kind == .node && subresource == "status") {
            return Decision()
        }
        switch review.operation {
        case .create, .update:
            guard review.object != nil else {
                throw ReviewError("request.object is missing, which \(review.operation.rawValue) has")
            }
        case .delete, .connect: break
        }
        switch endpoint {
        case .mutate: return mutate(review, kind, inventory)
        case .validate:
            if let reason = facts?.unavailable { return Decision(unavailable: reason) }
            let surroundings = surroundings(inventory, now, isDryRun: review.isDryRun, facts)
            let objectReview = Self.objectReview(review, kind)
            let findings = policy.judge(objectReview, surroundings: surroundings)
            if surroundings.uniqueness.isInFlight { return Decision(findings: findings, isPassing: true) }
            guard inventory.hasGaps else { return Decision(findings: findings) }
            return decide(objectReview, findings, inventory)
        }
    }

    /// With objects that are not known. What is refused anyway is refused; a Region that a rule could yet refuse is worth
    /// another try. A Node, whose webhook fails open, would be let through by that, and so is judged by what is known.
    private func decide(_ review: ObjectReview, _ findings: [Finding], _ inventory: Inventory) -> Decision {
        if findings.contains(where: { $0.severity == .deny }) { return Decision(findings: findings) }
        var abstentions = policy.abstentions(review, in: inventory)
        if uniqueness != .cache { abstentions.removeAll { $0.rule.id == .nodeIDUnique } }
        if review.kind == .region, !policy.settings.allowsUnjudged,
            let abstention = abstentions.first(where: \.isWorthRetrying)
        {
            return Decision(unavailable: "\(abstention.rule.id.rawValue) cannot be judged: \(abstention.gap.reason)")
        }
        return Decision(findings: findings + policy.findings(about: abstentions))
    }

    private func surroundings(_ inventory: Inventory, _ now: Int64, isDryRun: Bool, _ facts: Facts?) -> Surroundings {
        var surroundings = Surroundings(
            inventory: inventory, now: now, isDryRun: isDryRun, settings: policy.settings)
        if uniqueness == .off { surroundings.uniqueness = .unjudged }
        guard let facts else { return surroundings }
        surroundings.secrets = facts.secrets
        if uniqueness == .claims { surroundings.uniqueness = facts.uniqueness }
        return surroundings
    }

    /// What has to be found out before a first decision can stand; nil for nearly every review, which then asks nobody.
    ///
    /// Nothing is asked about what is refused anyway. That an id is declared elsewhere by the inventory, which may be behind
    /// the time, does not count: whoever claims it finds out.
    package func inquiry(
        _ review: AdmissionReview, endpoint: Endpoint, after decision: Decision
    ) -> AdmissionInquiry? {
        guard !scope.isEmpty, endpoint == .validate, decision.unavailable == nil, Self.kind(of: review) == .region,
            review.subresource?.isEmpty ?? true
        else { return nil }
        let isRefused = decision.findings.contains {
            $0.severity == .deny && (uniqueness != .claims || $0.rule != .nodeIDUnique)
        }
        guard !isRefused,
            let inquiry = policy.inquiry(
                Self.objectReview(review, .region), isDryRun: review.isDryRun, scope: scope)
        else { return nil }
        return AdmissionInquiry(inquiry: inquiry, requester: Requester(review))
    }

    /// Whether a Region is refused by what has been found out so far. Then there is nothing to claim.
    package func refuses(_ inquiry: Inquiry, inventory: Inventory, now: Int64, facts: Facts) -> Bool {
        var surroundings = surroundings(inventory, now, isDryRun: inquiry.isDryRun, facts)
        surroundings.uniqueness = .unjudged
        return policy.refuses(inquiry, surroundings: surroundings)
    }

    private func mutate(_ review: AdmissionReview, _ kind: ObjectReview.Kind, _ inventory: Inventory) -> Decision {
        guard kind == .region, let object = review.object, review.operation == .create || review.operation == .update
        else { return Decision() }
        let namespace = review.namespace.map { String($0) }
        return Decision(defaults: policy.defaults(for: Region(object), namespace: namespace, inventory))
    }

    private static func kind(of review: AdmissionReview) -> ObjectReview.Kind? {
        guard let group = review.group, let version = review.apiVersion, let kind = review.kind else { return nil }
        if group == "region.unikorn-cloud.org", version == "v1alpha1", kind == "Region" { return .region }
        if group == "", version == "v1", kind == "Node" { return .node }
        return nil
    }

    private static func objectReview(_ review: AdmissionReview, _ kind: ObjectReview.Kind) -> ObjectReview {
        var object = ObjectReview(
            kind: kind, operation: review.operation, object: review.object, oldObject: review.oldObject)
        object.namespace = review.namespace.map { String($0) }
        object.isKubelet = kind == .node && review.operation == .create && review.isMember(of: "system:nodes")
        return object
    }
}
