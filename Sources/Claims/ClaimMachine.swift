/// The decisions of one request that claims class ids: a lock on each, then a look at all Regions.
///
/// The Leases are locks for the time in which an admitted object may still be stored, not records of ownership. All
/// state is here and nothing is done here: who drives it performs the call it is given, tells what came of it, and
/// passes on the answer. A test walks every interleaving of these machines, so that what it shows holds for them.
///
/// ```
/// create ──exists──► read ──mine, or another's and expired──► update
///    │                 └──another's──► undo ─► look ─► declared elsewhere, or 429
///    └─► … all held ─► look ─► unique, or undo ─► declared elsewhere
/// ```
package struct ClaimMachine: Hashable, Sendable {
    /// A lock this request holds.
    struct Held: Hashable, Sendable {
        let claim: Claim
        /// What an undo may delete: the version that this request created or took over. Nil for a lock that it found
        /// as its own Region's and renewed, since another request of that Region may count on it.
        var undoable: LeaseVersion?
    }

    enum Phase: Hashable, Sendable {
        case idle
        case creating(attempt: Int)
        case reading(attempt: Int)
        case updating(attempt: Int, isRenewal: Bool)
        /// The last of `held` is being deleted.
        case undoing(then: AfterUndo)
        /// Looking after the last claim.
        case looking
        /// Looking for what to say of a claim that another holds.
        case lookingAfterConflict(Outcome)
        case finished
    }

    /// What an undo was done for.
    enum AfterUndo: Hashable, Sendable {
        case look(Outcome)
        case answer(Outcome)
        /// The answer was given already, for want of time.
        case nothing
    }

    package let claims: [Claim]
    /// `NAMESPACE/NAME` of the Region. Without its uid: etcd stores at most one object of that name, and every attempt of a
    /// create has another uid.
    package let holder: String
    private let isDryRun: Bool
    private let timeToLive: Duration
    var held: [Held] = []
    private(set) var phase = Phase.idle

    /// A dry run takes no locks: it only looks (`sideEffects: NoneOnDryRun`).
    package init(
        claims: [Claim], holder: String, isDryRun: Bool = false, timeToLive: Duration = ClaimLimits.timeToLive
    ) {
        self.claims = claims
        self.holder = holder
        self.isDryRun = isDryRun
        self.timeToLive = timeToLive
    }

    package var isFinished: Bool { phase == .finished }

    /// The first call, once.
    package mutating func start() -> Step {
        guard phase == .idle else { return Step() }
        return isDryRun ? look() : claimNext()
    }

    /// What follows from what came of the last call. An event that does not belong to that call counts as a failure.
    package mutating func handle(_ event: Event) -> Step {
        if case .outOfTime = event { return runOutOfTime() }
        switch phase {
        case .idle, .finished: return Step()
        case .creating(let attempt): return didCreate(event, attempt)
        case .reading(let attempt): return didRead(event, attempt)
        case .updating(let attempt, let isRenewal): return didUpdate(event, attempt, isRenewal: isRenewal)
        case .undoing(let next):
            // Whatever came of it: a Lease that has changed since is no longer this request's, and one that could not be
            // deleted is collected.
            _ = held.popLast()
            return undo(then: next)
        case .looking:
            guard case .regions(let declarations) = event else { return undo(then: .answer(.unavailable)) }
            if !declarations.isEmpty { return undo(then: .answer(.declared(declarations))) }
            return finish(.unique)
        case .lookingAfterConflict(let outcome):
            guard case .regions(let declarations) = event else { return finish(.unavailable) }
            return finish(declarations.isEmpty ? outcome : .declared(declarations))
        }
    }

    // MARK: Claiming

    /// The claim that is being made: those before it are held.
    private var current: Claim { claims[held.count] }

    private mutating func claimNext() -> Step {
        guard held.count < claims.count else { return look() }
        return create(attempt: 1)
    }

    private mutating func create(attempt: Int) -> Step {
        phase = .creating(attempt: attempt)
        return Step(call: .create(current.lease, holder: holder))
    }

    private mutating func didCreate(_ event: Event, _ attempt: Int) -> Step {
        switch event {
        case .stored(let version):
            held.append(Held(claim: current, undoable: version))
            return claimNext()
        case .alreadyExists:
            phase = .reading(attempt: attempt)
            return Step(call: .read(current.lease))
        default: return undo(then: .answer(.unavailable))
        }
    }

    private mutating func didRead(_ event: Event, _ attempt: Int) -> Step {
        switch event {
        case .found(let lease, let unchangedFor):
            let isRenewal = lease.holder == holder
            guard isRenewal || unchangedFor >= timeToLive else { return conflict(with: lease.holder) }
            phase = .updating(attempt: attempt, isRenewal: isRenewal)
            return Step(call: .update(current.lease, holder: holder, replacing: lease.version))
        case .notFound: return again(attempt)
        default: return undo(then: .answer(.unavailable))
        }
    }

    private mutating func didUpdate(_ event: Event, _ attempt: Int, isRenewal: Bool) -> Step {
        switch event {
        case .stored(let version):
            held.append(Held(claim: current, undoable: isRenewal ? nil : version))
            return claimNext()
        case .conflict, .notFound: return again(attempt)
        default: return undo(then: .answer(.unavailable))
        }
    }

    /// The Lease changed hands between two calls.
    private mutating func again(_ attempt: Int) -> Step {
        attempt < ClaimLimits.maximumAttempts ? create(attempt: attempt + 1) : conflict(with: nil)
    }

    /// Another request holds the lock. Whether its object is stored by now decides what there is to say.
    private mutating func conflict(with other: String?) -> Step {
        undo(then: .look(.inFlight(current, holder: other)))
    }

    // MARK: Looking, undoing, answering

    private mutating func look() -> Step {
        phase = .looking
        return Step(call: .listRegions)
    }

    /// Deletes what this request created or took over, the last first, and goes on.
    private mutating func undo(then next: AfterUndo) -> Step {
        while let last = held.last {
            if let version = last.undoable {
                phase = .undoing(then: next)
                return Step(call: .delete(last.claim.lease, version))
            }
            _ = held.popLast()
        }
        switch next {
        case .look(let outcome):
            phase = .lookingAfterConflict(outcome)
            return Step(call: .listRegions)
        case .answer(let outcome): return finish(outcome)
        case .nothing:
            phase = .finished
            return Step()
        }
    }

    private mutating func finish(_ outcome: Outcome) -> Step {
        phase = .finished
        return Step(answer: outcome)
    }

    /// The caller's deadline has come: it is answered at once, and what was locked in vain is unlocked after that.
    private mutating func runOutOfTime() -> Step {
        var outcome = Outcome.unavailable
        switch phase {
        case .finished, .undoing(.nothing): return Step()
        case .undoing(let next):
            if case .answer(let known) = next { outcome = known }
            // The call that is under way was a deletion.
            _ = held.popLast()
        default: break
        }
        var step = undo(then: .nothing)
        step.answer = outcome
        return step
    }
}
