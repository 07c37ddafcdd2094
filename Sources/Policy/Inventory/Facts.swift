package import KubernetesTypes
import RegionAPI

/// What was found out about a Secret that a Region refers to.
package enum SecretState: Sendable {
    case known(SecretRecord)
    case missing
    /// It cannot be judged, and why: after "not judged: ".
    case unjudged(String)
}

/// Whose the class ids are that a Region brings.
package enum Uniqueness: Sendable {
    /// What the inventory says: offline, and with `--uniqueness cache`.
    case inventory
    /// Nobody asks: `--uniqueness off`, or it is found out later.
    case unjudged
    /// What was found out for this Region: the ids that others have. All the rest is its own.
    case known([ClassID: Holder])
    /// So many ids are new that nobody can say in time: more than are allowed.
    case tooMany(Int, allowed: Int)

    package enum Holder: Hashable, Sendable {
        /// A Region that is stored.
        case region(ObjectName)
        /// A request that is not stored yet, and the Region it is about, where that is known.
        case request(String?)
    }

    /// Whether it is a request that has an id, so that another try may find it free or stored.
    package var isInFlight: Bool {
        guard case .known(let holders) = self else { return false }
        return holders.values.contains { if case .request = $0 { true } else { false } }
    }
}

extension Surroundings {
    /// What is known of a Secret; nil where nobody has looked for it.
    func secret(_ reference: ObjectName) -> SecretState? {
        if let state = secrets[reference] { return state }
        if let record = inventory.secret(reference) { return .known(record) }
        return inventory.isComplete ? .missing : nil
    }

    /// The Secret's kubeconfig, where that was read.
    func kubeconfig(_ reference: ObjectName) -> KubeconfigFacts? {
        guard case .known(let record) = secret(reference) else { return nil }
        return record.kubeconfig
    }

    /// Whether nothing is known of any other object.
    var isEmpty: Bool {
        guard inventory.isEmpty, secrets.isEmpty else { return false }
        switch uniqueness {
        case .inventory, .unjudged: return true
        case .known(let holders): return holders.isEmpty
        case .tooMany: return false
        }
    }
}
