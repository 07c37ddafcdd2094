import KubernetesClient
import KubernetesTypes
import NIOCore

/// Which of several replicas audits: the holder of one Lease (upstream: client-go's `tools/leaderelection`).
///
/// No time stamp of another machine is compared: a Lease that this replica has seen unchanged for its duration has lost its
/// holder. Two replicas that audit at the same time, for a moment, do no harm: what they find is the same.
struct AuditLease {
    /// What is stored.
    struct Stored: Equatable {
        let holder: String
        let resourceVersion: String
    }

    enum Step: Equatable {
        case create
        /// Mine, renewed; or another's that is left, taken.
        case replace(resourceVersion: String)
        case wait
    }

    let identity: String
    /// How long a Lease must have been unchanged to be taken.
    let duration: Duration
    private var seen: (stored: Stored, at: NIODeadline)?

    init(identity: String, duration: Duration) {
        self.identity = identity
        self.duration = duration
    }

    mutating func next(_ stored: Stored?, at now: NIODeadline) -> Step {
        guard let stored else {
            seen = nil
            return .create
        }
        if stored.holder == identity { return .replace(resourceVersion: stored.resourceVersion) }
        if let seen, seen.stored == stored {
            let unchanged = Duration.nanoseconds((now - seen.at).nanoseconds)
            return unchanged >= duration ? .replace(resourceVersion: stored.resourceVersion) : .wait
        }
        seen = (stored, now)
        return .wait
    }
}

/// The Lease in the cluster.
struct AuditLeaseObject {
    static let name = "unikorn-region-webhook-audit"

    let client: KubernetesClient
    let namespace: String

    private var object: ObjectName { ObjectName(namespace: namespace, name: Self.name) }

    /// Whether this replica holds it, after having done what there was to do.
    func hold(_ lease: inout AuditLease, at now: NIODeadline = .now()) async throws(KubernetesError) -> Bool {
        let stored = try await read()
        do throws(KubernetesError) {
            switch lease.next(stored, at: now) {
            case .wait: return false
            case .create:
                _ = try await client.send(.create(.leases, namespace: namespace, body(lease, nil)))
            case .replace(let version):
                _ = try await client.send(.replace(.leases, object, body(lease, version)))
            }
            return true
        } catch {
            // Another was faster.
            guard error.isConflict || error.isAlreadyExists else { throw error }
            return false
        }
    }

    private func read() async throws(KubernetesError) -> AuditLease.Stored? {
        do throws(KubernetesError) {
            return try await client.send(.get(.leases, object)).decode { lease in
                AuditLease.Stored(
                    holder: lease["spec"]?["holderIdentity"]?.text.map { String($0) } ?? "",
                    resourceVersion: lease["metadata"]?["resourceVersion"]?.text.map { String($0) } ?? "")
            }
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }

    private func body(_ lease: AuditLease, _ resourceVersion: String?) -> [UInt8] {
        var body: [UInt8] = []
        body.append(json: #"{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"#)
        body.append(jsonString: Self.name)
        if let resourceVersion {
            body.append(json: #","resourceVersion":"#)
            body.append(jsonString: resourceVersion)
        }
        body.append(json: #"},"spec":{"holderIdentity":"#)
        body.append(jsonString: lease.identity)
        body.append(json: #","leaseDurationSeconds":"#)
        body.append(jsonInteger: lease.duration.components.seconds)
        // For people; and so that each renewal changes the object.
        body.append(json: #","renewTime":"#)
        body.append(jsonString: Timestamp.now())
        body.append(json: "}}")
        return body
    }
}
