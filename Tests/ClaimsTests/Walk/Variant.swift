/// The protocol, and what is left of it without one of its parts. The machines are the real ones in each: what is left
/// out is left out of what becomes of their calls.
enum Variant: String, CaseIterable, Sendable {
    case whole
    /// A lock of the same Region's that is found is used as it is.
    case noRenewal
    /// It is renewed by a PUT that changes nothing, which etcd does not store.
    case noNonce
    case noPreconditionOnTakeover
    case noPreconditionOnUndo
    case noPreconditionOnCollection
    case noLook
    case lookBeforeTheClaims
    case failedLookTakenAsEmpty
    /// The look leaves out Regions that are being deleted.
    case lookPassesOverObjectsBeingDeleted
    /// Locks are taken over and collected while a request that was admitted under them may still be stored.
    case timeToLiveTooShort
    case objectsBeingDeletedAreExempt
    case undoOfRenewedLeases
    case noCollection
}

extension Variant {
    /// Where its fault shows soonest.
    var scenario: Scenario {
        switch self {
        case .noPreconditionOnCollection: .oneNameAndAnother
        case .objectsBeingDeletedAreExempt: .patchOfMarked
        case .lookPassesOverObjectsBeingDeleted: .markedDeclares
        case .noLook: .declared
        default: .twoCreates
        }
    }

    var fault: Walk.Fault? {
        switch self {
        case .whole: nil
        case .noCollection: .eternalLock
        default: .duplicate
        }
    }
}
