/// What a walk starts from and what may happen in it. Regions and class ids are small numbers, sets of ids are bits.
struct Scenario: Sendable, CustomStringConvertible {
    /// A Region that is stored at the start.
    struct Stored: Sendable {
        var ids: UInt8 = 0
        var isBeingDeleted = false
    }

    /// What a user asks of the API server.
    enum Request: Sendable {
        case create(Int, ids: UInt8)
        /// A PATCH: it applies to whatever is stored, also to an object that is being deleted.
        case patch(Int, add: UInt8 = 0, remove: UInt8 = 0)
        /// Removes the object at once.
        case delete(Int)
        /// Marks the object, which finalizers hold.
        case mark(Int)
        /// Takes the last finalizer of a marked object away.
        case finalize(Int)

        var region: Int {
            switch self {
            case .create(let region, _), .patch(let region, _, _), .delete(let region), .mark(let region),
                .finalize(let region):
                region
            }
        }
    }

    let description: String
    /// By Region; nil is absent.
    var regions: [Stored?]
    var ids: Int
    var requests: [Request]
    /// How often the API server may send one request to a webhook: it repeats a call whose answer was lost, and the two may
    /// run side by side.
    var deliveries = 2
    /// The requests that may come to be stored, in one order of things or another; a walk that never gets there shows nothing.
    var storable: Set<Int> = []
    /// Calls of the webhook that fail or come too late. Each may have been done, be done later, or never.
    var faults = 1

    init(
        _ description: String, regions: [Stored?], ids: Int, _ requests: [Request], storable: Set<Int>? = nil,
        deliveries: Int = 1, faults: Int = 1
    ) {
        self.description = description
        self.regions = regions
        self.ids = ids
        self.requests = requests
        self.storable = storable ?? Set(requests.indices)
        self.deliveries = deliveries
        self.faults = faults
    }
}
