package import Admission
import Claims
package import KubernetesTypes
package import Logging
package import NIOCore
package import Policy

/// Finds out what a review has to know and only a cluster can tell: first the Secrets that a Region newly refers to, then,
/// where nothing refuses it, whether its new class ids are its own.
package final class ClusterFacts: Sendable {
    private let client: KubernetesClient
    private let admission: Admission
    private let claimer: Claimer?
    private let inventory: @Sendable () -> Inventory
    private let readSecret: @Sendable (Value) -> SecretRecord?
    private let now: @Sendable () -> Int64
    private let logger: Logger

    /// `readSecret` keeps of a Secret what rules judge, and forgets the rest; `now` is in seconds since 1970.
    package init(
        _ client: KubernetesClient, admission: Admission, claimer: Claimer?,
        inventory: @escaping @Sendable () -> Inventory, readSecret: @escaping @Sendable (Value) -> SecretRecord?,
        now: @escaping @Sendable () -> Int64, logger: Logger
    ) {
        self.client = client
        self.admission = admission
        self.claimer = claimer
        self.inventory = inventory
        self.readSecret = readSecret
        self.now = now
        self.logger = logger
    }

    package func find(_ inquiry: AdmissionInquiry, until deadline: NIODeadline) async -> Facts {
        var facts = Facts()
        let region = inquiry.inquiry.region.object
        for secret in inquiry.inquiry.secrets {
            do throws(KubernetesError) {
                facts.secrets[secret] = try await state(of: secret, for: region, inquiry.requester, until: deadline)
            } catch {
                logger.warning(
                    "a Secret cannot be judged",
                    metadata: ["region": "\(region)", "secret": "\(secret)", "problem": "\(error)"])
                let reason = "the API server could not be asked about a Secret"
                // A rule that could only warn keeps nobody waiting.
                guard inquiry.inquiry.isDryRun || admission.policy.settings.allowsUnjudged else {
                    facts.unavailable = "\(reason); try again"
                    return facts
                }
                facts.secrets[secret] = .unjudged(reason)
            }
        }
        await claim(inquiry.inquiry, &facts, until: deadline)
        return facts
    }

    // MARK: Secrets

    /// One named GET, at this moment.
    ///
    /// What is said of a Secret in another namespace than the Region's is said only to who may read it: nobody learns by
    /// writing Regions what Secrets there are. Without that right the Secret is not even asked for.
    private func state(
        of secret: ObjectName, for region: ObjectName, _ requester: Requester, until deadline: NIODeadline
    ) async throws(KubernetesError) -> SecretState {
        if secret.namespace != region.namespace {
            do throws(KubernetesError) {
                let mayRead = try await may(requester, read: secret, until: deadline)
                guard mayRead else { return .unjudged("only who may read that Secret is told about it") }
            } catch {
                guard error.isForbidden else { throw error }
                return .unjudged("the webhook may not ask whether you may read that Secret")
            }
        }
        do throws(KubernetesError) {
            return try await client.secret(secret, timeout: try timeLeft(deadline), readSecret)
        } catch {
            guard error.isForbidden else { throw error }
            return .unjudged("the webhook may not read Secrets in namespace \"\(secret.namespace)\"")
        }
    }

    private func may(
        _ requester: Requester, read secret: ObjectName, until deadline: NIODeadline
    ) async throws(KubernetesError) -> Bool {
        let body = AccessReview.json(requester, mayGet: secret)
        return try await send(.create(.subjectAccessReviews, body), deadline).decode { AccessReview.isAllowed($0) }
    }

    private func send(
        _ request: KubernetesRequest, _ deadline: NIODeadline
    ) async throws(KubernetesError) -> KubernetesResponse {
        var request = request
        request.timeout = try timeLeft(deadline)
        return try await client.send(request)
    }

    private func timeLeft(_ deadline: NIODeadline) throws(KubernetesError) -> TimeAmount {
        let left = deadline - Claimer.margin - .now()
        guard left > .zero else { throw KubernetesError(.timedOut) }
        return left
    }

    // MARK: Class ids

    private func claim(_ inquiry: Inquiry, _ facts: inout Facts, until deadline: NIODeadline) async {
        guard let claimer, !inquiry.ids.declared.isEmpty else { return }
        if admission.refuses(inquiry, inventory: inventory(), now: now(), facts: facts) { return }
        switch await claimer.claim(inquiry, until: deadline) {
        case .known(let holders): facts.uniqueness = .known(holders)
        case .tooMany(let count): facts.uniqueness = .tooMany(count, allowed: ClaimLimits.maximumClaims)
        case .unavailable:
            facts.unavailable = "the API server could not be asked whose the class ids are; try again"
        }
    }
}

/// Whether somebody may read a Secret (upstream: `authorization.k8s.io/v1.SubjectAccessReview`).
enum AccessReview {
    static func json(_ requester: Requester, mayGet secret: ObjectName) -> [UInt8] {
        var body: [UInt8] = []
        body.append(json: #"{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{"user":"#)
        body.append(jsonString: requester.username)
        body.append(json: #","uid":"#)
        body.append(jsonString: requester.uid)
        body.append(json: #","groups":"#)
        body.append(jsonArray: requester.groups) { $0.append(jsonString: $1) }
        body.append(json: #","extra":"#)
        body.append(jsonObject: requester.extra.sorted { $0.key < $1.key }) { body, values in
            body.append(jsonArray: values) { $0.append(jsonString: $1) }
        }
        body.append(json: #","resourceAttributes":{"verb":"get","version":"v1","resource":"secrets","namespace":"#)
        body.append(jsonString: secret.namespace)
        body.append(json: #","name":"#)
        body.append(jsonString: secret.name)
        body.append(json: "}}}")
        return body
    }

    static func isAllowed(_ review: Value) -> Bool { review["status"]?["allowed"]?.bool ?? false }
}

extension Claimer {
    /// Whose class ids are, in the words of the rules.
    enum Finding {
        case known([ClassID: Uniqueness.Holder])
        case tooMany(Int)
        case unavailable
    }

    func claim(_ inquiry: Inquiry, until deadline: NIODeadline) async -> Finding {
        let claims = Claim.all(
            declared: inquiry.ids.declared.map(\.description), before: inquiry.ids.before.map(\.description))
        guard claims.count <= ClaimLimits.maximumClaims else { return .tooMany(claims.count) }
        switch await claim(claims, for: inquiry.region.object, isDryRun: inquiry.isDryRun, deadline: deadline) {
        case .unique: return .known([:])
        case .declared(let declarations):
            return .known(
                Dictionary(declarations.map { (ClassID($0.id), .region($0.region)) }) { first, _ in first })
        case .inFlight(let claim, let holder): return .known([ClassID(claim.id): .request(holder)])
        case .unavailable: return .unavailable
        }
    }
}
