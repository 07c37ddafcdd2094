package import KubernetesTypes

extension ClaimMachine {
    /// What to do next: an answer to pass on, a call to make, or both. Without a call the request has come to its end.
    package struct Step: Hashable, Sendable {
        /// Given exactly once in the life of a machine.
        package var answer: Outcome?
        package var call: Call?

        package init(answer: Outcome? = nil, call: Call? = nil) {
            self.answer = answer
            self.call = call
        }
    }

    /// A call to the API server.
    package enum Call: Hashable, Sendable {
        /// POST of a Lease.
        case create(_ lease: String, holder: String)
        /// GET of a Lease, from etcd (no resourceVersion).
        case read(_ lease: String)
        /// PUT with the uid and resourceVersion of what it replaces, and a nonce that was never used before: a PUT that
        /// changes nothing changes no resourceVersion either, and would renew nothing.
        case update(_ lease: String, holder: String, replacing: LeaseVersion)
        /// DELETE with uid and resourceVersion as preconditions.
        case delete(_ lease: String, LeaseVersion)
        /// A linearizable LIST of all Regions that starts after this was asked for.
        case listRegions
    }

    /// What came of the last call.
    package enum Event: Hashable, Sendable {
        /// A POST or PUT was done, and this is what is stored now.
        case stored(LeaseVersion)
        /// The Lease to be created exists.
        case alreadyExists
        /// The Lease that was read, and for how long this replica has seen that version (`LeaseObservations`).
        case found(Lease, unchangedFor: Duration)
        case notFound
        /// A precondition does not hold: the Lease changed.
        case conflict
        /// A DELETE was done, or there was nothing more to delete.
        case deleted
        /// Where else than in this request's Region its ids are declared.
        case regions([Declaration])
        /// The API server could not be asked, refused, or its answer was lost: the call may have been done or not.
        case failed
        /// The caller waits no longer. Whatever call is under way is no longer waited for either.
        case outOfTime
    }

    /// The end of it.
    package enum Outcome: Hashable, Sendable {
        /// The ids are this request's; the locks stay.
        case unique
        /// Other Regions declare these ids: the request is refused.
        case declared([Declaration])
        /// Another request has this id and is not stored yet: 429, and the client tries again. The holder is its Region,
        /// where that is known.
        case inFlight(Claim, holder: String?)
        /// It cannot be known: 503, never an unclaimed allow.
        case unavailable
    }
}

/// A class id, and a Region that declares it.
package struct Declaration: Hashable, Sendable {
    /// Lowercase.
    package let id: String
    package let region: ObjectName

    package init(id: String, region: ObjectName) {
        self.id = id
        self.region = region
    }
}
