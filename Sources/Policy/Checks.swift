import RegionAPI

/// The checks of the catalogue by when they run, picked out of it once: a rule is mostly text, and a request has no use
/// for that.
///
/// Each function is in a struct of its own, since an array of functions would call each through a thunk that copies what
/// it is given.
struct Checks: Sendable {
    struct OfRegion: Sendable { let run: @Sendable (RegionReview, inout Findings) -> Void }
    struct OfFlavor: Sendable { let run: @Sendable (Flavor, RegionReview, inout Findings) -> Void }
    struct OfRegionInventory: Sendable {
        let run: @Sendable (RegionRecord, RegionChange, Surroundings, inout Findings) -> Void
    }
    struct OfRegionDelete: Sendable { let run: @Sendable (RegionRecord, Surroundings, inout Findings) -> Void }
    struct OfNode: Sendable { let run: @Sendable (NodeReview, inout Findings) -> Void }
    struct OfNodeInventory: Sendable { let run: @Sendable (NodeRecord, Surroundings, inout Findings) -> Void }

    static let all = Checks(Rule.catalogue)

    private(set) var region: [OfRegion] = []
    private(set) var flavor: [OfFlavor] = []
    private(set) var regionInventory: [OfRegionInventory] = []
    private(set) var regionDelete: [OfRegionDelete] = []
    private(set) var node: [OfNode] = []
    private(set) var nodeInventory: [OfNodeInventory] = []
    /// Of `node-id-unique`, the one rule that judges even an object that is being deleted.
    private(set) var uniqueness = OfRegionInventory { _, _, _, _ in }

    private init(_ rules: [Rule]) {
        for rule in rules {
            switch rule.check {
            case .reading: break
            case .region(let check): region.append(OfRegion(run: check))
            case .flavor(let check): flavor.append(OfFlavor(run: check))
            case .regionInventory(let check):
                regionInventory.append(OfRegionInventory(run: check))
                if rule.id == .nodeIDUnique { uniqueness = OfRegionInventory(run: check) }
            case .regionDelete(let check): regionDelete.append(OfRegionDelete(run: check))
            case .node(let check): node.append(OfNode(run: check))
            case .nodeInventory(let check): nodeInventory.append(OfNodeInventory(run: check))
            }
        }
    }
}
