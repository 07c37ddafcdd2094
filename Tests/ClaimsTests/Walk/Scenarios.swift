extension Scenario {
    private static let x: UInt8 = 0b01
    private static let y: UInt8 = 0b10

    static let twoCreates = Scenario(
        "two creates share an id", regions: [nil, nil], ids: 1, [.create(0, ids: x), .create(1, ids: x)], deliveries: 2)
    static let declared = Scenario(
        "a create of what is declared", regions: [Stored(ids: x), nil], ids: 1, [.create(1, ids: x)], storable: [],
        deliveries: 2)
    static let oneNameAndAnother = Scenario(
        "two creates of one name and one of another", regions: [nil, nil], ids: 1,
        [.create(0, ids: x), .create(0, ids: x), .create(1, ids: x)])
    static let patchOfMarked = Scenario(
        "a PATCH of an object that is being deleted", regions: [Stored(isBeingDeleted: true), nil], ids: 1,
        [.patch(0, add: x), .create(1, ids: x), .finalize(0)], storable: [0, 1], deliveries: 2)
    static let markedDeclares = Scenario(
        "an object that is being deleted declares its ids", regions: [Stored(ids: x, isBeingDeleted: true), nil],
        ids: 1, [.create(1, ids: x), .finalize(0), .create(0, ids: x)], storable: [0, 2])

    /// Walked by every run of the tests.
    static let small: [Scenario] = [
        twoCreates, declared, oneNameAndAnother, patchOfMarked, markedDeclares,
        Scenario(
            "three creates share an id", regions: [nil, nil, nil], ids: 1,
            [.create(0, ids: x), .create(1, ids: x), .create(2, ids: x)]),
        Scenario(
            "two creates share two ids", regions: [nil, nil], ids: 2,
            [.create(0, ids: x | y), .create(1, ids: x | y)]),
        Scenario(
            "an update removes an id and another takes it back", regions: [Stored(ids: x), nil], ids: 1,
            [.patch(0, remove: x), .patch(0, add: x), .create(1, ids: x)]),
        Scenario(
            "a delete, a create of the same name and one of another", regions: [Stored(ids: x), nil], ids: 1,
            [.delete(0), .create(0, ids: x), .create(1, ids: x)], storable: [1, 2]),
        Scenario(
            "updates that swap their ids", regions: [Stored(ids: x), Stored(ids: y)], ids: 2,
            [.patch(0, remove: x), .patch(1, add: x), .patch(1, remove: y), .patch(0, add: y)]),
        Scenario(
            "a request that is refused beside one of the same Region", regions: [nil, nil, Stored(ids: y)], ids: 2,
            [.create(0, ids: x), .create(0, ids: x | y), .create(1, ids: x)], storable: [0, 2]),
    ]

    /// Walked where CLAIMS_WALK is `deep`: many minutes and gigabytes in a debug build.
    static let deep: [Scenario] = [
        Scenario(
            "two creates share an id, four failures", regions: [nil, nil], ids: 1,
            [.create(0, ids: x), .create(1, ids: x)], deliveries: 2, faults: 4),
        Scenario(
            "two creates of one name and one of another, each delivered twice", regions: [nil, nil], ids: 1,
            [.create(0, ids: x), .create(0, ids: x), .create(1, ids: x)], deliveries: 2, faults: 0),
        Scenario(
            "three creates share an id, each delivered twice", regions: [nil, nil, nil], ids: 1,
            [.create(0, ids: x), .create(1, ids: x), .create(2, ids: x)], deliveries: 2, faults: 0),
        Scenario(
            "two creates share two ids, each delivered twice", regions: [nil, nil], ids: 2,
            [.create(0, ids: x | y), .create(1, ids: x | y)], deliveries: 2),
        Scenario(
            "an update removes an id and another takes it back, each delivered twice", regions: [Stored(ids: x), nil],
            ids: 1, [.patch(0, remove: x), .patch(0, add: x), .create(1, ids: x)], deliveries: 2),
        Scenario(
            "a delete and two creates, each delivered twice", regions: [Stored(ids: x), nil], ids: 1,
            [.delete(0), .create(0, ids: x), .create(1, ids: x)], storable: [1, 2], deliveries: 2),
        Scenario(
            "three creates, each two of three ids", regions: [nil, nil, nil], ids: 3,
            [.create(0, ids: 0b011), .create(1, ids: 0b110), .create(2, ids: 0b101)]),
        Scenario(
            "a Region comes and goes", regions: [Stored(ids: x), nil], ids: 1,
            [.mark(0), .finalize(0), .patch(0, add: x), .create(0, ids: x), .create(1, ids: x)],
            storable: [2, 3, 4]),
        Scenario(
            "four creates of two names", regions: [nil, nil], ids: 1,
            [.create(0, ids: x), .create(0, ids: x), .create(1, ids: x), .create(1, ids: x)]),
    ]
}
